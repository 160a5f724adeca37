import { AttendError } from "@attend/runtime/errors";
import { Notes } from "../notes.ts";
import { defaultLimits } from "../text-files/lines.ts";
import type { ParallelPair, ParallelText } from "./pairs.ts";
import {
  type AlignedFiles,
  alignedRows,
  type CsvFile,
  csvRows,
  type JsonLinesFile,
  jsonLinesRows,
  type ParallelRow,
  type RowOptions,
  type TsvFile,
  tsvRows,
} from "./sources.ts";

/** Files with pairs, each UTF-8 or UTF-16, plain or gzip. */
export type ParallelSource = AlignedFiles | TsvFile | CsvFile | JsonLinesFile;

/** How pairs are read. */
export interface ReadParallelOptions {
  /**
   * How to treat a pair with an empty side: `skip` (the default) leaves it out, with a warning, because
   * automatically aligned corpora have such pairs; `error` throws; `keep` keeps all lines unchanged,
   * including surrounding whitespace and blank lines of tables, so that other data stays aligned with them.
   */
  readonly empty?: "skip" | "error" | "keep" | undefined;
  /** Column names that a header may have, besides common ones: those of the languages. */
  readonly headers?: readonly string[] | undefined;
  /** Pairs with a side of more characters are left out with a warning; default 5,000. */
  readonly maxLength?: number | undefined;
  /** A longer line is an error; default 1,048,576 characters. */
  readonly maxLineLength?: number | undefined;
  /** A larger file, decompressed, is an error; default 268,435,456 bytes. */
  readonly maxBytes?: number | undefined;
  /** More pairs are an error; default 5,000,000. */
  readonly maxPairs?: number | undefined;
}

/**
 * Reads sentences and their translations: two aligned files, TSV, CSV or JSON lines, or several of these in
 * order. All pairs are held in memory; sentences are trimmed.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED if a file cannot be read or is too large; BAD_DATA,
 *   naming file, line and remedy, if it is invalid, not UTF-8, or contains no pair; BAD_ARGUMENT for a
 *   limit or column below 1
 */
export async function readParallel(
  from: ParallelSource | readonly ParallelSource[],
  options: ReadParallelOptions = {},
): Promise<ParallelText> {
  const { maxPairs = 5_000_000, maxLength = 5000, headers = [] } = options;
  const limits = {
    maxBytes: options.maxBytes ?? defaultLimits.maxBytes,
    maxLineLength: options.maxLineLength ?? defaultLimits.maxLineLength,
  };
  checkLimits({ ...limits, maxLength, maxPairs });
  const keepBlank = options.empty === "keep";
  const long = `left out, a side has more than ${maxLength.toLocaleString("en")} characters`;
  const sources = [from].flat();
  const pairs: ParallelPair[] = [];
  const notes = new Notes();
  for (const each of sources) {
    const [file = ""] = filesOf(each);
    const note = (line: number, what: string) => notes.add(file, line, what);
    for await (const rows of rowsOf(each, { limits, keepBlank, headers, note })) {
      for (const row of rows) {
        const { source, target } = keepBlank ? row : trimmed(row);
        if (!keepBlank && (source === "" || target === "")) {
          if (options.empty === "error") throw emptyError(source === "", each, row);
          note(row.line, emptySide);
        } else if (Math.max(source.length, target.length) > maxLength) {
          note(row.line, long);
        } else {
          if (pairs.length === maxPairs) throw tooManyPairs(file, maxPairs);
          pairs.push({ source, target, file, line: row.line });
        }
      }
    }
  }
  const warnings = notes.texts();
  if (pairs.length === 0) throw noPairs(sources.flatMap(filesOf), warnings);
  const skipped = { empty: notes.count(emptySide), overlong: notes.count(long) };
  return { pairs, skipped, warnings };
}

const emptySide = "left out, a side is empty";

function trimmed({ source, target }: ParallelRow) {
  return { source: source.trim(), target: target.trim() };
}

function rowsOf(from: ParallelSource, options: RowOptions): AsyncGenerator<ParallelRow[]> {
  if ("tsv" in from) return tsvRows(from, options);
  if ("csv" in from) return csvRows(from, options);
  if ("jsonl" in from) return jsonLinesRows(from, options);
  return alignedRows(from, options.limits);
}

function filesOf(from: ParallelSource): string[] {
  if ("tsv" in from) return [from.tsv];
  if ("csv" in from) return [from.csv];
  return "jsonl" in from ? [from.jsonl] : [from.source, from.target];
}

function emptyError(isSource: boolean, from: ParallelSource, { line }: ParallelRow): AttendError {
  const side = isSource ? "source" : "target";
  const file = "source" in from ? from[side] : filesOf(from)[0];
  const message = `${file} line ${line}: the ${side} is empty; write it, or remove the pair`;
  return new AttendError("BAD_DATA", message);
}

function noPairs(files: readonly string[], warnings: readonly string[]): AttendError {
  const why = warnings.length > 0 ? ` (${warnings[0]})` : "";
  const message =
    files.length === 0
      ? "no files to read pairs from; give at least one"
      : `${files.join(" and ")}: no pair to use${why}; give other files`;
  return new AttendError("BAD_DATA", message);
}

function tooManyPairs(file: string, maxPairs: number): AttendError {
  const message = `more than ${maxPairs.toLocaleString("en")} pairs up to ${file}; give fewer`;
  return new AttendError("BAD_DATA", message);
}

function checkLimits(limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value >= 1) continue;
    throw new AttendError("BAD_ARGUMENT", `${name} is ${value}; give a number of at least 1`);
  }
}
