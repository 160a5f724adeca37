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

/** Columns parted by tabs, without quotes: `{ tsv: "eng-deu.tsv.gz" }`. */
export interface TsvFile {
  readonly tsv: string;
  /** Default: the two that there are; of three or more they must be chosen. */
  readonly columns?: Columns | undefined;
}

/** Columns as spreadsheets write them: `{ csv: "pairs.csv", columns: { source: "en", target: "de" } }`. */
export interface CsvFile {
  readonly csv: string;
  /** As of a TSV. */
  readonly columns?: Columns | undefined;
}

/** A JSON object a line: `{ jsonl: "pairs.jsonl", fields: { source: "en", target: "de" } }`. */
export interface JsonLinesFile {
  readonly jsonl: string;
  /** Their names; default `source` and `target`. */
  readonly fields?: { readonly source: string; readonly target: string } | undefined;
}

/** One row as its file has it. */
export interface ParallelRow {
  readonly source: string;
  readonly target: string;
  readonly line: number;
}

/** @throws AttendError BAD_DATA where one is longer; else as `readLines` does */
export async function* alignedRows(
  files: AlignedFiles,
  limits: LineLimits,
): AsyncGenerator<ParallelRow[]> {
  const sources = readLines(files.source, limits);
  const targets = readLines(files.target, limits);
  // Read and not yet paired.
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
    const message = `${files.source} has ${number(inSource)} lines and ${files.target} has ${number(inTarget)}: line ${line + 1} of ${inSource > inTarget ? files.source : files.target} has no partner; give files that belong together, line by line`;
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
  /** A blank line is a pair of empty sides; else it is left out. */
  readonly keepBlank: boolean;
  /** What a header may call its columns, besides what is usual. */
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

/** Blank lines are left out: they are no rows. */
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
    const place = `${jsonl} line ${line}`;
    const parsed = record.safeParse(parseJson(text, place, "BAD_DATA"));
    if (!parsed.success) {
      throw new AttendError("BAD_DATA", `${place} is not a JSON object; write ${example}`);
    }
    const side = (name: string): string => {
      const value = parsed.data[name];
      if (typeof value === "string") return value;
      const present = Object.keys(parsed.data).map((key) => JSON.stringify(key));
      const fault =
        value === undefined
          ? `has no field ${JSON.stringify(name)}, only ${present.slice(0, 10).join(", ") || "none"}`
          : `has no text in ${JSON.stringify(name)}`;
      const message = `${place} ${fault}; write ${example}, or choose others, such as --columns en,de`;
      throw new AttendError("BAD_DATA", message);
    };
    return { source: side(fields.source), target: side(fields.target) };
  });
}

/** A row of each line of which `sidesOf` finds the sides. */
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
