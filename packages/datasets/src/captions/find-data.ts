import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime/errors";
import type { CaptionSet } from "./caption-set.ts";
import { readCaptions } from "./read-captions.ts";

/**
 * The folder of a data set, in ATTEND_DATA or else in `../shared/data` beside the repository or the
 * working directory.
 *
 * @param parts what it must contain, such as `["captions.csv", "images"]`
 * @throws AttendError DATA_MISSING, naming what is missing and where it was expected
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
  const message = `${what}; set ATTEND_DATA to the folder that contains ${name}/`;
  throw new AttendError("DATA_MISSING", message);
}

/**
 * Reads an official part of a captioned data set (`flickr8k`, `coco8k`), which consists of `captions.csv`,
 * `images/`, `train.txt` and `dev.txt`.
 *
 * @throws AttendError the errors of `findData` and `readCaptions`
 */
export async function readDataSet(name: string, part: "train" | "dev"): Promise<CaptionSet> {
  const folder = findData(name, ["captions.csv", "images", `${part}.txt`]);
  return readCaptions(join(folder, "captions.csv"), {
    name,
    imagesDirectory: join(folder, "images"),
    split: join(folder, `${part}.txt`),
  });
}
