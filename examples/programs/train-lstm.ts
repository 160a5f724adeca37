/**
 * Trains an LSTM on your own text for a minute, then generates text with it.
 *
 *     pnpm example train-lstm book.txt runs/book
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadLanguageModel } from "@attend/language-model";
import { defaultTraining, trainLanguageModel } from "@attend/language-model/training";
import { loadEngine } from "@attend/runtime";

const [file = "book.txt", out = "runs/book", seconds = "60"] = process.argv.slice(2);
await loadEngine();

const { model, training, ...rest } = defaultTraining();
const { epochs: _, ...timed } = { ...training, maxSeconds: Number(seconds) };
const small = { ...model, recurrent: { ...model.recurrent, units: 128, layers: 1 } };
const { natsPerCharacter } = await trainLanguageModel({
  config: { ...rest, model: small, training: timed, streams: 8, steps: 32 },
  text: await readFile(file, "utf8"),
  source: file,
  heldOut: 0.1, // the end of the text, used to choose the best weights
  out,
  resume: true, // continues after Ctrl-C
  signal: new AbortController().signal,
  onEvent: (event) => event.type === "validation" && console.log(event.step, event.metrics),
});
console.log(`${natsPerCharacter.toFixed(2)} nats per character`);

const languageModel = await loadLanguageModel({ model: join(out, "model") });
for await (const piece of languageModel.generate({ length: 100 })) process.stdout.write(piece);
console.log();
languageModel.close();
