import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { findData } from "../captions/find-data.ts";
import { quoted } from "../name-some.ts";
import type { QuestionSet } from "./question-row.ts";
import { readQuestions } from "./read-questions.ts";
import { splitByImage } from "./split-by-image.ts";

type Part = "train" | "dev";

const readers: Readonly<Record<string, (name: string, part: Part) => Promise<QuestionSet>>> = {
  "easy-vqa": readEasyVqa,
  daquar: readDaquar,
  coco8k: (name, part) => readListed(name, part, ["qa.tsv", "qa-more.tsv"]),
  // The questions of the first file are in the second, too, with the commonest of their ten answers.
  coco6k: (name, part) => readListed(name, part, ["qa-ten-answers.tsv", "qa.tsv"]),
};

/**
 * Reads an official part of a set of questions, with the photos' files: `easy-vqa` (its test is `dev`),
 * `daquar` (the official training photos, a tenth of which are `dev`), `coco8k` or `coco6k`.
 *
 * @throws AttendError BAD_ARGUMENT for another name; the errors of `findData` and `readQuestions`
 */
export function readQuestionSet(name: string, part: Part): Promise<QuestionSet> {
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read !== undefined) return read(name, part);
  const message = `no set of questions is named ${quoted(name)}; give ${Object.keys(readers).join(", ")}, or read files by readQuestions`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function readEasyVqa(name: string, part: Part): Promise<QuestionSet> {
  const folder = join(findData(name), part === "train" ? "train" : "test");
  return readQuestions(join(folder, "questions.json"), {
    imagesDirectory: join(folder, "images"),
    imagePattern: "{id}.png",
  });
}

async function readDaquar(name: string, part: Part): Promise<QuestionSet> {
  const folder = findData(name, ["qa.tsv", "images"]);
  const { rows, warnings } = await readQuestions(join(folder, "qa.tsv"), {
    imagesDirectory: join(folder, "images"),
    separator: ",",
  });
  const { train, heldOut } = splitByImage(rows, { heldOut: 0.1, seed: 1 });
  return { rows: part === "train" ? train : heldOut, warnings };
}

/** A set that lists the photos of its parts; of a question in two files, the first file's is kept. */
async function readListed(
  name: string,
  part: Part,
  files: readonly string[],
): Promise<QuestionSet> {
  const folder = findData(name, [...files, "images", `${part}.txt`]);
  const { rows, warnings } = await readQuestions(
    files.map((file) => join(folder, file)),
    { imagesDirectory: join(folder, "images"), split: join(folder, `${part}.txt`) },
  );
  const fileOf = new Map<string, string>();
  const kept = rows.filter(({ image, question, source, file }) => {
    const key = `${image} ${source} ${question}`;
    if (!fileOf.has(key)) fileOf.set(key, file);
    return fileOf.get(key) === file;
  });
  return { rows: kept, warnings };
}
