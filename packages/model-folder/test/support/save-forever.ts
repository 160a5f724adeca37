import { appendFileSync } from "node:fs";
import { createRandom, loadEngine } from "@attend/runtime";
import { defineToys } from "./toy.ts";

/** Alternately saves a small model and a large one; writes a line to the log before each save. */
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
