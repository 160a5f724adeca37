/**
 * Writes the names of the photos of a part of a question set, one a line, as `--split` of `attend-vqa train` reads them.
 *
 *   pnpm --filter @attend/benchmarks photo-list daquar train train.txt
 */
import { writeFile } from "node:fs/promises";
import { readQuestionSet } from "@attend/datasets";
import { userPath } from "../support/user-path.ts";

const [name = "", part, out] = process.argv.slice(2);
if ((part !== "train" && part !== "dev") || out === undefined) {
  throw new Error("give the name of a question set, train or dev, and the file to write");
}
const { rows } = await readQuestionSet(name, part);
await writeFile(userPath(out), `${[...new Set(rows.map(({ image }) => image))].join("\n")}\n`);
