import { parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { type LineLimits, readLines } from "../text-files/lines.ts";
import { type Columns, columnPicker } from "./columns.ts";
import { csvFields } from "./csv.ts";

/** Two files, line by line: `{ source: "train.en.gz", target: "train.de.gz" }`. */
export interface AlignedFiles {
  readonly source: string;
  readonly target: string;
}

/** Columns separated by tabs, without quoting: `{ tsv: "eng-deu.tsv.gz" }`. */
export interface TsvFile {
  readonly tsv: string;
  /** Required for three or more columns. */
  readonly columns?: Columns | undefined;
}

/** Columns as spreadsheets write them: `{ csv: "pairs.csv", columns: { source: "en", target: "de" } }`. */
export interface CsvFile {
  readonly csv: string;
  /** As for a TSV. */
  readonly columns?: Columns | undefined;
}

/** A JSON object per line: `{ jsonl: "pairs.jsonl", fields: { source: "en", target: "de" } }`. */
export interface JsonLinesFile {
  readonly jsonl: string;
  /** By default `source` and `target`. */
  readonly fields?: { readonly source: string; readonly target: string } | undefined;
}

/** One row, as in its file. */
export interface ParallelRow {
  readonly source: string;
  readonly target: string;
  readonly line: number;
}

/** @throws AttendError BAD_DATA if one file is longer, and the errors of `readLines` */
export async function* alignedRows(
  files: AlignedFiles,
  limits: LineLimits,
): AsyncGenerator<ParallelRow[]> {
  const sources = readLines(files.source, limits);
  const targets = readLines(files.target, limits);
  // Lines read but not yet paired.
  let [left, right]: [string[], string[]] = [[], []];
  let line = 0;
  try {
    for (;;) {
      if (left.length === 0) left = (await sources.next()).value ?? [];
      if (right.length === 0) right = (await targets.next()).value ?? [];
      const count = Math.min(left.length, right.length);
      if (count === 0) break;
      const first = line + 1;
      yield left
        .slice(0, count)
        .map((source, index) => ({ source, target: right[index] ?? "", line: first + index }));
      [left, right] = [left.slice(count), right.slice(count)];
      line += count;
    }
    const inSource = line + left.length + (await countLines(sources));
    const inTarget = line + right.length + (await countLines(targets));
    if (inSource === inTarget) return;
    const number = (lines: number) => lines.toLocaleString("en");
    const message = `${files.source} has ${number(inSource)} lines and ${files.target} has ${number(inTarget)}: line ${line + 1} of ${inSource > inTarget ? files.source : files.target} has no counterpart; give files that are aligned line by line`;
    throw new AttendError("BAD_DATA", message);
  } finally {
    await sources.return(undefined);
    await targets.return(undefined);
  }
}

async function countLines(blocks: AsyncGenerator<string[]>): Promise<number> {
  let count = 0;
  for await (const lines of blocks) count += lines.length;
  return count;
}

/** How rows are read. */
export interface RowOptions {
  readonly limits: LineLimits;
  /** Whether a blank line is a pair of empty sides, or left out. */
  readonly keepBlank: boolean;
  /** Column names that a header may have, besides common ones. */
  readonly headers: readonly string[];
  readonly note: (line: number, what: string) => void;
}

export async function* tsvRows(
  { tsv, columns }: TsvFile,
  options: RowOptions,
): AsyncGenerator<ParallelRow[]> {
  const pick = columnPicker({ file: tsv, columns, ...options });
  yield* linesAsRows(tsv, options, (text, line) => pick(text.split("\t"), line));
}

/** Blank lines are always left out. */
export async function* csvRows(
  { csv, columns }: CsvFile,
  options: RowOptions,
): AsyncGenerator<ParallelRow[]> {
  const pick = columnPicker({ file: csv, columns, ...options });
  for await (const { fields, line } of csvFields(csv, options.limits, options.note)) {
    const sides = pick(fields, line);
    if (sides !== undefined) yield [{ ...sides, line }];
  }
}

const record = z.record(z.string(), z.unknown());

export async function* jsonLinesRows(
  { jsonl, fields = { source: "source", target: "target" } }: JsonLinesFile,
  options: RowOptions,
): AsyncGenerator<ParallelRow[]> {
  const example = JSON.stringify({ [fields.source]: "...", [fields.target]: "..." });
  yield* linesAsRows(jsonl, options, (text, line) => {
    const position = `${jsonl} line ${line}`;
    const parsed = record.safeParse(parseJson(text, position, "BAD_DATA"));
    if (!parsed.success) {
      throw new AttendError("BAD_DATA", `${position} is not a JSON object; write ${example}`);
    }
    const side = (name: string): string => {
      const value = parsed.data[name];
      if (typeof value === "string") return value;
      const present = Object.keys(parsed.data).map((key) => JSON.stringify(key));
      const fault =
        value === undefined
          ? `has no field ${JSON.stringify(name)}, only ${present.slice(0, 10).join(", ") || "none"}`
          : `has no text in ${JSON.stringify(name)}`;
      const message = `${position} ${fault}; write ${example}, or choose others, such as --columns en,de`;
      throw new AttendError("BAD_DATA", message);
    };
    return { source: side(fields.source), target: side(fields.target) };
  });
}

/** Turns lines into rows, except those for which `sidesOf` returns undefined. */
async function* linesAsRows(
  file: string,
  { limits, keepBlank }: RowOptions,
  sidesOf: (text: string, line: number) => Omit<ParallelRow, "line"> | undefined,
): AsyncGenerator<ParallelRow[]> {
  let before = 0;
  for await (const lines of readLines(file, limits)) {
    const first = before + 1;
    yield lines.flatMap((text, index) => {
      const line = first + index;
      if (text.trim() === "") return keepBlank ? { source: "", target: "", line } : [];
      const sides = sidesOf(text, line);
      return sides === undefined ? [] : { ...sides, line };
    });
    before += lines.length;
  }
}
