/**
 * Holds out 500 sources of everyday pairs (Tatoeba), with all of their translations:
 *
 *   pnpm --filter @attend/benchmarks translation-hold-out PAIRS.tsv.gz --out FOLDER [--not-in dev.en.gz]
 *
 * `FOLDER/train.tsv` contains the training pairs, except for those whose source is a line of `--not-in`;
 * `FOLDER/dev.tsv` contains one pair for each held-out source.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ParallelPair, readAllLines, readParallel, splitBySource } from "@attend/datasets";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { userPath } from "../support/user-path.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "runs/held-out" },
    "not-in": { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: "1" },
  },
});
const heldOut = 500;
const files = positionals.map((path) => ({ tsv: userPath(path) }));
const { pairs } = await readParallel(files);
const lines = await Promise.all(flags["not-in"].map((path) => readAllLines(userPath(path))));
const excluded = new Set(lines.flat().map(normalize));
const usable = pairs.filter(({ source }) => !excluded.has(normalize(source)));
const split = splitBySource(usable, { heldOut, seed: Number(flags.seed) });
const firsts = new Map(split.heldOut.toReversed().map((pair) => [normalize(pair.source), pair]));
await ensureWritableDirectory(userPath(flags.out));
await write("train", split.train);
await write("dev", [...firsts.values()].toReversed());
console.log(
  `${split.train.length} training pairs, ${firsts.size} held out, ${pairs.length - usable.length} excluded`,
);

/** Ignores punctuation and case. */
function normalize(source: string): string {
  return source
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

async function write(part: string, partPairs: readonly ParallelPair[]): Promise<void> {
  const rows = partPairs.map(({ source, target }) => `${source}\t${target}\n`);
  await writeFileAtomic(join(userPath(flags.out), `${part}.tsv`), rows.join(""));
}
