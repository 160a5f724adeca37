/**
 * Counts the captions that name what their photo shows: for the 1,000 photos of `imagenet-sample` in the data folder, one
 * of each class of the encoder, and separately for the classes that no training caption names:
 *
 *   attend-caption --json $ATTEND_DATA/imagenet-sample > captions.jsonl
 *   pnpm --filter @attend/benchmarks captioner-names captions.jsonl [--json]
 *
 * A caption names a class by its own name or by that of what it is a kind of, as `attend-caption train` does.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { printTable, writeJsonLine } from "@attend/cli-kit";
import { readDataSet } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { countWords, tokenize } from "@attend/text";
import { z } from "zod";
import { chooseObjects } from "../../apps/image-captioning/src/objects.ts";
import { userPath } from "../support/user-path.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const [path] = positionals;
if (path === undefined) {
  throw new AttendError("BAD_ARGUMENT", "no captions; give the output of attend-caption --json");
}
/** The training data of the shipped captioner. */
const sets = await Promise.all(
  ["flickr8k", "coco8k", "coco6k"].map((name) => readDataSet(name, "train")),
);
const counts = countWords(
  sets.flatMap(({ images }) => images.flatMap(({ captions }) => captions.map(({ text }) => text))),
);
const nameOf = new Map<number, string>();
for (const [name, classes] of Object.entries(await chooseObjects(counts, 5))) {
  for (const index of classes) nameOf.set(index, name);
}

const lineSchema = z.object({ image: z.string(), caption: z.string() });
const lines = (await readFile(userPath(path), "utf8")).trim().split("\n");
const captions = lines.map((line) => lineSchema.parse(JSON.parse(line)));
if (captions.length !== 1000) {
  const message = `${path} has ${captions.length} captions; caption all 1,000 photos of imagenet-sample`;
  throw new AttendError("BAD_DATA", message);
}
// One photo of each class: in the order of their synsets, they are numbered.
const named = captions
  .map(({ image, caption }) => ({ synset: basename(image).split("_")[0] ?? "", caption }))
  .sort((a, b) => (a.synset < b.synset ? -1 : 1))
  .flatMap(({ caption }, index) => {
    const name = nameOf.get(index);
    if (name === undefined) return [];
    const isNew = (counts.get(name) ?? 0) === 0;
    return [{ isNew, isNamed: tokenize(caption).includes(name) }];
  });
const rowOf = (classes: string, photos: typeof named) => {
  const right = photos.filter(({ isNamed }) => isNamed).length;
  return { classes, photos: photos.length, named: right, share: right / photos.length };
};
const rows = [
  rowOf("all with a name", named),
  rowOf(
    "named in training captions",
    named.filter(({ isNew }) => !isNew),
  ),
  rowOf(
    "in no training caption",
    named.filter(({ isNew }) => isNew),
  ),
];
const words = new Set(captions.flatMap(({ caption }) => tokenize(caption))).size;
if (flags.json) await writeJsonLine({ rows, words });
else {
  await printTable(rows.map((row) => ({ ...row, share: `${(100 * row.share).toFixed(1)} %` })));
  console.log(`${words} different words`);
}
