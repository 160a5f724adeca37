import { tryParseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { type FoundPhoto, PhotoFolder } from "../photo-folder.ts";
import { TextFile } from "../text-files/text-file.ts";
import { delimitedSource } from "./delimited.ts";
import { imageNamer } from "./image-name.ts";
import { jsonDocumentSource, jsonLinesSource } from "./json.ts";
import type { QuestionRow, QuestionSet } from "./question-row.ts";
import { collapsed, type QuestionColumns, type RawRow, type RowSource } from "./rows.ts";
import { vqaSource } from "./vqa.ts";

/** The two files of a part of VQA v2; tests have no annotations. */
export interface VqaFiles {
  readonly questions: string;
  readonly annotations?: string | undefined;
}

/** A file of questions (CSV, TSV, JSON lines, JSON), or the two of VQA v2. */
export type QuestionSource = string | VqaFiles;

/** How questions are read. */
export interface ReadQuestionsOptions {
  /** The folder that photo names are relative to; without it, photos are not looked for. */
  readonly imagesDirectory?: string | undefined;
  /** Leaves out questions about missing photos, with a warning, instead of throwing an error. */
  readonly allowMissing?: boolean | undefined;
  /** Only questions about the photos that this file names, one per line. */
  readonly split?: string | undefined;
  /** The names of photos that are given as numbers: `COCO_val2014_{id:12}.jpg`, `{id}.webp`. */
  readonly imagePattern?: string | undefined;
  /** The columns of a table or fields of JSON lines, if they have unusual names. */
  readonly columns?: QuestionColumns | undefined;
  /** What separates several answers in a field; default `|`, in DAQUAR `,`. */
  readonly separator?: string | undefined;
  /** Whether a row without an answer is left out (`required`, the default) or kept. */
  readonly answers?: "required" | "optional" | undefined;
  /**
   * Whether rows that cannot be used are left out, with a warning, unless most are, which is an error (the default);
   * or kept, however many there are, with their `fault` and whatever was read of them.
   */
  readonly faulty?: "left-out" | "kept" | undefined;
}

/**
 * Reads questions about photos: a table with a header `image`, `question`, `answer` (CSV, TSV, semicolons,
 * bars), JSON lines, a JSON list of objects or of easy-VQA's `[question, answer, image]`, or the two JSON
 * files of VQA v2; or several of these in order. Files are UTF-8 or UTF-16, plain or gzip. A row that
 * cannot be used is left out, with a warning. All rows are held in memory.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED if a file cannot be read; BAD_DATA, naming file, line
 *   and remedy, if a column is missing, the format is unknown, most rows cannot be used, photos are missing,
 *   or no question is left; BAD_ARGUMENT for an image pattern without `{id}`
 */
export async function readQuestions(
  from: QuestionSource | readonly QuestionSource[],
  options: ReadQuestionsOptions = {},
): Promise<QuestionSet> {
  const { imagesDirectory: directory } = options;
  const folder = directory === undefined ? undefined : await PhotoFolder.open(directory);
  const names = await photosOfSplit(options.split, folder);
  const rows: QuestionRow[] = [];
  const warnings: string[] = [];
  const sources = [from].flat();
  if (sources.length === 0) throw new AttendError("BAD_ARGUMENT", "no file; give at least one");
  for (const each of sources) {
    const file = questionsOf(each);
    const text = await TextFile.open(file, "questions");
    try {
      const source = await openSource(each, text, options);
      const read = await collect(file, source, folder, names, options);
      for (const row of read.rows) rows.push(row);
      warnings.push(...source.warnings, ...read.warnings, ...text.warnings);
    } finally {
      await text.close();
    }
  }
  if (folder !== undefined) warnings.push(...folder.warnings("the questions"));
  if (rows.length > 0) return { rows, warnings };
  const where = options.split === undefined ? "" : ` about the photos of ${options.split}`;
  const why = warnings[0] === undefined ? "" : ` (${warnings[0]})`;
  const what = `${sources.map(questionsOf).join(" and ")} has no question${where} to use`;
  throw new AttendError("BAD_DATA", `${what}${why}; give another file`);
}

function questionsOf(from: QuestionSource): string {
  return typeof from === "string" ? from : from.questions;
}

async function photosOfSplit(
  file: string | undefined,
  folder: PhotoFolder | undefined,
): Promise<ReadonlySet<string> | undefined> {
  if (file === undefined) return undefined;
  if (folder !== undefined) return (await folder.readSplit(file)).names;
  const message = `the photos of ${file} can only be found with their folder; give imagesDirectory, too`;
  throw new AttendError("BAD_ARGUMENT", message);
}

async function openSource(
  from: QuestionSource,
  text: TextFile,
  { columns = {}, separator = "|", answers = "required", imagePattern }: ReadQuestionsOptions,
): Promise<RowSource> {
  const needsAnswer = answers === "required";
  if (typeof from === "object") {
    if (needsAnswer && from.annotations === undefined) {
      const message = `${text.file} has no answers; give its annotations, too`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    return vqaSource(text, from.annotations, imagePattern);
  }
  const options = { columns, separator, needsAnswer, imageOf: imageNamer(imagePattern) };
  const head = text.head.trimStart();
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(text.file)) return jsonLinesSource(text, options);
  if (head.startsWith("[")) return jsonDocumentSource(text, options);
  if (!head.startsWith("{")) return delimitedSource(text, options);
  // The first line of a document is not an object on its own, unless it is VQA's entire document.
  const first = head.split("\n", 1)[0] ?? "";
  const isObject =
    tryParseJson(first) !== undefined && !/"(questions|annotations)":\s*\[/.test(first);
  return isObject ? jsonLinesSource(text, options) : jsonDocumentSource(text, options);
}

/** Collects the requested rows of one source. */
async function collect(
  file: string,
  source: RowSource,
  folder: PhotoFolder | undefined,
  names: ReadonlySet<string> | undefined,
  { answers, allowMissing, faulty }: ReadQuestionsOptions,
): Promise<QuestionSet> {
  const { leftOut, unit } = source;
  const rows: QuestionRow[] = [];
  const photos = new Map<string, FoundPhoto>();
  let firstMissing: number | undefined;
  let used = 0;
  let current: RawRow | undefined;
  if (faulty === "kept") {
    leftOut.onAdd = (line, { what, remedy }) => {
      const fault = `${file} ${unit} ${line}: ${what}; ${remedy}`;
      rows.push({ image: "", question: "", answers: [], ...current, fault, file, line });
    };
  }
  for await (const raw of source.rows) {
    const found = await folder?.find(raw.image);
    const image = found?.id ?? raw.image.trim();
    if (names !== undefined && !names.has(image)) continue;
    const row = { ...raw, image, question: collapsed(raw.question), file };
    const fault = faultOf(row, answers !== "optional");
    if (fault !== undefined) {
      current = row;
      leftOut.add(row.line, fault);
      current = undefined;
      continue;
    }
    used++;
    if (found === undefined) rows.push(row);
    else {
      photos.set(image, found);
      if (found.isPresent) rows.push({ ...row, photo: found.file });
      else firstMissing ??= row.line;
    }
  }
  const warnings = faulty === "kept" ? [] : leftOut.warnings(used);
  const missing = await folder?.describeMissing(file, [...photos.values()]);
  if (missing !== undefined && !allowMissing) {
    const message = `${missing}; correct the folder or the names (first: ${unit} ${firstMissing}), or leave them out by --allow-missing`;
    throw new AttendError("BAD_DATA", message);
  }
  if (missing !== undefined) warnings.push(`${missing}; left out`);
  return { rows, warnings };
}

function faultOf({ image, question, answers }: RawRow, needsAnswer: boolean) {
  const remove = "or remove the row";
  if (image === "." || image === "") {
    return { what: "names no photo", remedy: `write its name ${remove}` };
  }
  if ([image, question, ...answers].some((text) => text.includes("\uFFFD"))) {
    return { what: "not UTF-8", remedy: "save the file as UTF-8" };
  }
  if (!/[\p{L}\p{N}]/u.test(question)) {
    return { what: "the question is empty", remedy: `write it ${remove}` };
  }
  if (needsAnswer && answers.length === 0) {
    return { what: "no answer", remedy: `write one ${remove}` };
  }
  return undefined;
}
