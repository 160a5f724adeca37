import { appendFileSync } from "node:fs";
import { createRandom, loadEngine } from "@attend/runtime";
import { defineToys } from "./toy.ts";

/** Saves a small model and a large one in turn; a line in the log tells of each save before it. */
const [folder = "", log = ""] = process.argv.slice(2);
await loadEngine();
const toys = defineToys();
const models = [3, 1500].map((size) =>
  toys.create(
    { size, dropout: 0 },
    Array.from({ length: size }, (_, i) => String(i)),
    createRandom(1),
  ),
);
for (const model of models) await toys.save(model, folder);
for (;;) {
  for (const model of models) {
    appendFileSync(log, "saving\n");
    await toys.save(model, folder);
  }
}
