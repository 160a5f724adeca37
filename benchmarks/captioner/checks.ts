/**
 * Counts how varied captions are, and their faults of language:
 *
 *   pnpm --filter @attend/benchmarks caption-checks CAPTIONS... [--list] [--json]
 *
 * Captions are the output of `attend-caption --json`, or a CSV with the columns `image` and `caption`. `--list` also
 * prints the captions with faults.
 */
import { parseArgs } from "node:util";
import { printTable, writeJsonLine, writeLine } from "@attend/cli-kit";
import { readParallel } from "@attend/datasets";
import { captionFaultKinds, captionFaults } from "@attend/metrics";
import { tokenize } from "@attend/text";
import { userPath } from "../support/user-path.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const columns = { source: "image", target: "caption" };
const files = positionals.map(userPath).map((path) => {
  return /\.csv(\.gz)?$/i.test(path) ? { csv: path, columns } : { jsonl: path, fields: columns };
});
const { pairs } = await readParallel(files);
const captions = pairs.map(({ target }) => target);
const words = captions.map(tokenize);
const faults = captions.map(captionFaults);
const count = captions.length;
const counts = {
  captions: count,
  "different captions": new Set(words.map((each) => each.join(" "))).size,
  "different words": new Set(words.flat()).size,
  "words per caption": words.flat().length / count,
  "with a fault": faults.filter((found) => found.length > 0).length,
  ...Object.fromEntries(
    captionFaultKinds.map((kind) => [
      kind,
      faults.filter((found) => found.some((fault) => fault.kind === kind)).length,
    ]),
  ),
};
if (flags.list) {
  for (const [i, found] of faults.entries()) {
    for (const fault of found) await writeLine(`${fault.kind}\t${fault.words}\t${captions[i]}`);
  }
}
if (flags.json) await writeJsonLine(counts);
else {
  await printTable(
    Object.entries(counts).map(([what, value]) => ({ what, value: Number(value.toFixed(2)) })),
  );
}
