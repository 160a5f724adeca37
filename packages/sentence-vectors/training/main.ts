/**
 * Trains the word vectors of `models/sentences-en` to see sentences as MiniLM does; the model is in `OUT/model`:
 *
 *     pnpm --filter @attend/sentence-vectors distill [--out runs/sentences-en] [--data ../shared/data] [--resume]
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, loadEngine } from "@attend/runtime";
import { parseConfig, readJson } from "@attend/runtime/config";
import { parseWordPiece } from "@attend/text";
import { contentHash, runTraining, trainingConfigWatching } from "@attend/training";
import { findMiniLm, loadMiniLm } from "../src/index.ts";
import { saveStaticVectors } from "../src/static.ts";
import { principalProjection } from "./principal.ts";
import { trainingSentences } from "./sentences.ts";
import { englishTokenizer, initialStudent, piecesOf } from "./student.ts";
import { distillation, type Example, measure } from "./task.ts";
import { cachedVectors } from "./teacher.ts";

/** Elements of a vector. */
const size = 192;
/** Sentences to choose the best weights by, which are not trained on. */
const heldOut = 1024;
const seed = 1;
/** Longer sentences are cut off. */
const maxTokens = 64;

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: process.env["ATTEND_DATA"] ?? "../shared/data" },
    out: { type: "string", default: "runs/sentences-en" },
    config: { type: "string", default: "models/sentences-en/training.json" },
    resume: { type: "boolean", default: false },
  },
});
// From where the command was called; pnpm runs it in the package's folder.
const userPath = (path: string) => resolve(process.env["INIT_CWD"] ?? "", path);
const [data, out, configFile] = [userPath(flags.data), userPath(flags.out), userPath(flags.config)];
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const say = (line: string) => process.stdout.write(`${line}\n`);

await loadEngine();
const configSchema = trainingConfigWatching(["loss"], { metric: "loss", mode: "min" });
const config = parseConfig(configSchema, await readJson(configFile), configFile);
const teacher = await loadMiniLm();
const tokenizer = englishTokenizer(
  parseWordPiece(await readJson(join(findMiniLm() ?? "", "tokenizer.json"))),
);
const cached = { folder: join(out, "teacher"), signal: stop.signal };
say("encoding the vocabulary and the sentences by MiniLM");
const pieces = await cachedVectors(piecesOf(tokenizer), teacher, cached);
const sources = await trainingSentences(data, createRandom(seed));
const vectors: Float32Array[] = [];
for (const source of sources) {
  vectors.push(...(await cachedVectors(source, teacher, cached)));
  say(`${vectors.length} sentences`);
}
teacher.dispose();

const random = createRandom(seed);
const project = principalProjection(vectors, size, random);
const sentences = sources.flat();
const tokens = sentences.map((sentence) => tokenizer.encode(sentence, { maxTokens }));
const { start, end } = tokenizer.special;
const network = initialStudent(project(pieces), tokens, [start, end]);
const targets = project(vectors);
const examples = random.shuffle(
  vectors.map(
    (vector, i): Example => ({ tokens: tokens[i] ?? [], vector, target: targets[i] ?? vector }),
  ),
);
const [validated, trained] = [examples.slice(0, heldOut), examples.slice(heldOut)];
say(`held-out loss ${measure(network, validated).toFixed(4)} before training`);
await runTraining({
  out,
  resume: flags.resume,
  signal: stop.signal,
  origin: { content: { sentences: contentHash(sentences) }, config: { size } },
  stages: [
    {
      module: network,
      config,
      start: () => ({
        task: distillation(network, trained),
        validate: async () => ({ loss: measure(network, validated) }),
      }),
    },
  ],
  onEvent: (event) => {
    if (event.type === "validation") say(`step ${event.step}: ${JSON.stringify(event.metrics)}`);
  },
  save: (folder) => saveStaticVectors(network, tokenizer, folder),
});
network.dispose();
