import { AttendError } from "@attend/runtime/errors";
import type { LineLimits } from "./lines.ts";
import type { ParallelPair, ParallelText } from "./pairs.ts";
import {
  type AlignedFiles,
  alignedRows,
  type JsonLinesFile,
  jsonLinesRows,
  type ParallelRow,
  type TsvFile,
  tsvRows,
} from "./sources.ts";

/** Where pairs are; each file is UTF-8, plain or gzip. */
export type ParallelSource = AlignedFiles | TsvFile | JsonLinesFile;

export interface ReadParallelOptions {
  /**
   * What is done with a pair of which a side has no text: `skip` (the default) leaves it out and says
   * so in the warnings, as corpora that were aligned by machine have such pairs; `error` refuses it.
   */
  readonly empty?: "skip" | "error" | undefined;
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
 * Reads sentences and their translations: two aligned files, TSV or JSON lines, or several of these
 * one after the other. All pairs are held in memory; white space at the ends of a side is cut off.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED where a file cannot be read or is too large;
 *   BAD_DATA, naming file, line and remedy, where it is broken, not UTF-8, or holds no pair;
 *   BAD_ARGUMENT for a limit or column below 1
 */
export async function readParallel(
  from: ParallelSource | readonly ParallelSource[],
  options: ReadParallelOptions = {},
): Promise<ParallelText> {
  const { maxPairs = 5_000_000, maxLength = 5000 } = options;
  const limits = {
    maxBytes: options.maxBytes ?? 2 ** 28,
    maxLineLength: options.maxLineLength ?? 2 ** 20,
  };
  checkLimits({ ...limits, maxLength, maxPairs });
  const sources = [from].flat();
  const pairs: ParallelPair[] = [];
  const [empty, overlong] = [new LeftOut(), new LeftOut()];
  for (const each of sources) {
    const [file = ""] = filesOf(each);
    for await (const rows of rowsOf(each, limits)) {
      for (const row of rows) {
        const [source, target] = [row.source.trim(), row.target.trim()];
        if (source === "" || target === "") {
          if (options.empty === "error") throw emptyError(source === "", each, row);
          empty.add(file, row.line);
        } else if (Math.max(source.length, target.length) > maxLength) {
          overlong.add(file, row.line);
        } else {
          if (pairs.length === maxPairs) throw tooManyPairs(file, maxPairs);
          pairs.push({ source, target, file, line: row.line });
        }
      }
    }
  }
  const long = `has more than ${maxLength.toLocaleString("en")} characters; raise maxLength to keep them`;
  const warnings = [...empty.warnings("is empty"), ...overlong.warnings(long)];
  if (pairs.length === 0) throw noPairs(sources.flatMap(filesOf), warnings);
  return { pairs, skipped: { empty: empty.count, overlong: overlong.count }, warnings };
}

/** Counts lines, and keeps the first of each file: of untrusted files there may be many millions. */
class LeftOut {
  count = 0;
  readonly #files = new Map<string, { count: number; first: number[] }>();

  add(file: string, line: number): void {
    this.count++;
    const of = this.#files.get(file) ?? { count: 0, first: [] };
    if (of.count++ < 3) of.first.push(line);
    this.#files.set(file, of);
  }

  warnings(why: string): string[] {
    return [...this.#files].map(([file, { count, first }]) => {
      const more =
        count > first.length ? ` and ${(count - first.length).toLocaleString("en")} more` : "";
      return `${file} line ${first.join(", ")}${more}: left out, a side ${why}`;
    });
  }
}

function rowsOf(from: ParallelSource, limits: LineLimits): AsyncGenerator<ParallelRow[]> {
  if ("tsv" in from) return tsvRows(from, limits);
  if ("jsonl" in from) return jsonLinesRows(from, limits);
  return alignedRows(from, limits);
}

function filesOf(from: ParallelSource): string[] {
  if ("tsv" in from) return [from.tsv];
  return "jsonl" in from ? [from.jsonl] : [from.source, from.target];
}

function emptyError(isSource: boolean, from: ParallelSource, { line }: ParallelRow): AttendError {
  const side = isSource ? "source" : "target";
  const file = "source" in from ? from[side] : filesOf(from)[0];
  const message = `${file} line ${line}: the ${side} is empty; write it, remove the pair, or have such pairs left out by empty: "skip"`;
  return new AttendError("BAD_DATA", message);
}

function noPairs(files: readonly string[], warnings: readonly string[]): AttendError {
  const why = warnings.length > 0 ? ` (${warnings[0]})` : "";
  const message =
    files.length === 0
      ? "no file to read pairs from was given; give one"
      : `${files.join(" and ")}: no pair to use${why}; give other files`;
  return new AttendError("BAD_DATA", message);
}

function tooManyPairs(file: string, maxPairs: number): AttendError {
  const message = `with ${file} there are more than ${maxPairs.toLocaleString("en")} pairs; give fewer, or raise maxPairs if the memory has room for them`;
  return new AttendError("BAD_DATA", message);
}

function checkLimits(limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value >= 1) continue;
    throw new AttendError(
      "BAD_ARGUMENT",
      `${name} is a number of at least 1, but ${value} was given`,
    );
  }
}
