import { tryParseJson } from "@attend/runtime/config";
import { z } from "zod";
import { findColumn, imageNames } from "../columns.ts";
import { quoted } from "../name-some.ts";
import type { Fault, LeftOut } from "../notes.ts";
import type { QuestionRow } from "./question-row.ts";

/** A row as in its file, before its photo is looked for. */
export type RawRow = Omit<QuestionRow, "photo" | "file">;

/** The rows of an open file. */
export interface RowSource {
  /** What `line` counts: `line`, or `entry` in a JSON document. */
  readonly unit: string;
  readonly rows: Iterable<RawRow> | AsyncIterable<RawRow>;
  /** Collects rows that cannot be used while the others are read. */
  readonly leftOut: LeftOut;
  readonly warnings: readonly string[];
}

/** The names of the columns (or JSON fields); common names are found without them. */
export interface QuestionColumns {
  readonly image?: string | undefined;
  readonly question?: string | undefined;
  readonly answer?: string | undefined;
}

/** How fields are read. */
export interface RowOptions {
  readonly columns: QuestionColumns;
  /** What separates the answers in a field. */
  readonly separator: string;
  /** Whether a row needs an answer. */
  readonly needsAnswer: boolean;
  /** The name of a photo that is given as a number. */
  readonly imageOf: (id: string) => string;
}

/** The columns of a file. */
export interface FoundColumns {
  readonly image: string;
  readonly question: string;
  readonly answer: string | undefined;
  readonly source: string | undefined;
}

const questionNames = ["question", "questions", "q"];
const answerNames = ["answer", "answers", "multiple_choice_answer", "a"];

/**
 * Finds the columns of photo, question and answer among those `present`, ignoring case.
 *
 * @returns the fault and its remedy if one is missing
 */
export function chooseColumns(
  present: readonly string[],
  { columns, needsAnswer }: RowOptions,
): { columns: FoundColumns; fault?: never } | { columns?: never; fault: Fault } {
  const image = findColumn(present, columns.image, imageNames);
  const question = findColumn(present, columns.question, questionNames);
  const answer = findColumn(present, columns.answer, answerNames);
  if (image === undefined) return missing(present, "image", "photo", columns.image);
  if (question === undefined) return missing(present, "question", "question", columns.question);
  if (answer === undefined && (needsAnswer || columns.answer !== undefined)) {
    return missing(present, "answer", "answer", columns.answer);
  }
  const source = findColumn(present, undefined, ["source"]);
  return { columns: { image, question, answer, source } };
}

function missing(
  present: readonly string[],
  name: string,
  what: string,
  chosen: string | undefined,
): { fault: Fault } {
  const wanted = chosen === undefined ? `column for the ${what}` : `column ${quoted(chosen)}`;
  const some = present.slice(0, 20).map((each) => quoted(each));
  return {
    fault: {
      what: `no ${wanted}, only ${some.join(", ") || "nothing"}`,
      remedy: `name the columns image, question and answer, or choose by --${name}-column`,
    },
  };
}

/** A field with one answer, several joined by the separator, or a JSON list. */
export function answersOf(field: string, separator: string): string[] {
  const list = field.startsWith("[")
    ? answersSchema.safeParse(tryParseJson(field)).data
    : undefined;
  return tidied(list ?? field.split(separator));
}

/** Removes empty answers. */
export function tidied(answers: readonly string[]): string[] {
  return answers.map(collapsed).filter((answer) => answer !== "");
}

export function collapsed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const textSchema = z.union([z.string(), z.number().transform(String)]);
const answersSchema = z.array(textSchema);
/** VQA v2 writes each answer as an object. */
const answerFieldSchema = z.union([
  answersSchema,
  z.array(z.object({ answer: textSchema })).transform((all) => all.map(({ answer }) => answer)),
]);
const recordSchema = z.record(z.string(), z.unknown());
/** easy-VQA's `["what shape is in the image?", "circle", 17]`. */
const tripleSchema = z.tuple([z.string(), textSchema, textSchema]);

/** The row of a JSON object `{"image", "question", "answer"}`, or of easy-VQA's list of the three. */
export function rowOfJson(
  value: unknown,
  line: number,
  options: RowOptions,
  leftOut: LeftOut,
): RawRow[] {
  const triple = tripleSchema.safeParse(value).data;
  if (triple !== undefined) {
    const [question, answer, image] = triple;
    return [{ image: options.imageOf(image), question, answers: tidied([answer]), line }];
  }
  const record = recordSchema.safeParse(value);
  if (!record.success) {
    const remedy = 'write {"image": "photo.jpg", "question": "...", "answer": "..."}';
    leftOut.add(line, { what: "not a JSON object", remedy });
    return [];
  }
  const { columns, fault } = chooseColumns(Object.keys(record.data), options);
  if (fault !== undefined) {
    leftOut.add(line, fault);
    return [];
  }
  const image = textSchema.safeParse(record.data[columns.image]).data;
  const question = z.string().safeParse(record.data[columns.question]).data;
  const field = columns.answer === undefined ? [] : record.data[columns.answer];
  const text = textSchema.safeParse(field).data;
  const answers =
    text === undefined
      ? answerFieldSchema.safeParse(field).data
      : answersOf(text, options.separator);
  if (image === undefined || question === undefined || answers === undefined) {
    const faulty =
      image === undefined ? columns.image : question === undefined ? columns.question : "answer";
    leftOut.add(line, { what: `${quoted(faulty)} is not a text`, remedy: "correct it" });
    return [];
  }
  const source = z.string().safeParse(record.data[columns.source ?? ""]).data;
  return [
    {
      image: options.imageOf(image),
      question,
      answers: tidied(answers),
      ...(source !== undefined && { source }),
      line,
    },
  ];
}
