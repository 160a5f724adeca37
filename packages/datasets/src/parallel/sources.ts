import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { type LineLimits, readLines } from "./lines.ts";

/** Two files, line by line: `{ source: "train.en.gz", target: "train.de.gz" }`. */
export interface AlignedFiles {
  readonly source: string;
  readonly target: string;
}

/** Columns parted by tabs, without header or quotes: `{ tsv: "eng-deu.tsv.gz" }`. */
export interface TsvFile {
  readonly tsv: string;
  /** Numbers from 1; default 1 and 2. */
  readonly columns?: { readonly source: number; readonly target: number } | undefined;
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

/** Blank lines are left out. */
export async function* tsvRows(
  { tsv, columns = { source: 1, target: 2 } }: TsvFile,
  limits: LineLimits,
): AsyncGenerator<ParallelRow[]> {
  for (const [side, column] of Object.entries(columns)) {
    if (Number.isInteger(column) && column >= 1) continue;
    const message = `columns are numbered from 1, but ${column} was given for the ${side} of ${tsv}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  yield* filledLines(tsv, limits, (text, line) => {
    const fields = text.split("\t");
    const [source, target] = [fields[columns.source - 1], fields[columns.target - 1]];
    if (source !== undefined && target !== undefined) return { source, target, line };
    const wanted = Math.max(columns.source, columns.target);
    const message = `${tsv} line ${line} has ${fields.length === 1 ? "one column" : `${fields.length} columns`}, and column ${wanted} is asked for; part columns by tabs, or choose others by \`columns\``;
    throw new AttendError("BAD_DATA", message);
  });
}

const record = z.record(z.string(), z.unknown());

/** Blank lines are left out. */
export async function* jsonLinesRows(
  { jsonl, fields = { source: "source", target: "target" } }: JsonLinesFile,
  limits: LineLimits,
): AsyncGenerator<ParallelRow[]> {
  const example = JSON.stringify({ [fields.source]: "...", [fields.target]: "..." });
  yield* filledLines(jsonl, limits, (text, line) => {
    const place = `${jsonl} line ${line}`;
    const parsed = record.safeParse(parseJson(text, place));
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
      const message = `${place} ${fault}; write ${example}, or choose others by \`fields\``;
      throw new AttendError("BAD_DATA", message);
    };
    return { source: side(fields.source), target: side(fields.target), line };
  });
}

/** A row of each line that is not blank. */
async function* filledLines(
  file: string,
  limits: LineLimits,
  rowOf: (text: string, line: number) => ParallelRow,
): AsyncGenerator<ParallelRow[]> {
  let before = 0;
  for await (const lines of readLines(file, limits)) {
    const first = before + 1;
    yield lines.flatMap((text, index) => (text.trim() === "" ? [] : rowOf(text, first + index)));
    before += lines.length;
  }
}
