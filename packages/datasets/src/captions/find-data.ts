import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime/errors";
import type { CaptionSet } from "./caption-set.ts";
import { readCaptions } from "./read-captions.ts";

/**
 * The folder of a data set, below the folder that ATTEND_DATA names or else `../shared/data` beside
 * the repository or the working folder.
 *
 * @param parts what it must hold, such as `["captions.csv", "images"]`
 * @throws AttendError DATA_MISSING, naming what is missing and where it was looked for.
 */
export function findData(name: string, parts: readonly string[] = []): string {
  const given = process.env["ATTEND_DATA"];
  const repository = fileURLToPath(new URL("../../../../", import.meta.url));
  const roots = given
    ? [given]
    : [repository, process.cwd()].map((at) => join(at, "../shared/data"));
  const folders = [...new Set(roots.map((root) => resolve(root, name)))];
  const folder = folders.find((each) => existsSync(each));
  const missing = parts.filter((part) => folder === undefined || !existsSync(join(folder, part)));
  if (folder !== undefined && missing.length === 0) return folder;
  const what =
    folder === undefined
      ? `the data set ${name} is missing; looked for ${folders.join(" and ")}`
      : `the data set ${name} in ${folder} lacks ${missing.join(", ")}`;
  const message = `${what}; set ATTEND_DATA to the folder that holds ${name}/`;
  throw new AttendError("DATA_MISSING", message);
}

/**
 * The official part of a captioned data set (`flickr8k`, `coco8k`), laid out as `captions.csv`,
 * `images/` and `train.txt`, `dev.txt`.
 *
 * @throws AttendError as `findData` and `readCaptions` do.
 */
export async function readDataSet(name: string, part: "train" | "dev"): Promise<CaptionSet> {
  const folder = findData(name, ["captions.csv", "images", `${part}.txt`]);
  return readCaptions(join(folder, "captions.csv"), {
    name,
    imagesDirectory: join(folder, "images"),
    split: join(folder, `${part}.txt`),
  });
}
