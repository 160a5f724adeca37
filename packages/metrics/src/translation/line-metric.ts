import { AttendError } from "@attend/runtime/errors";
import { writeSignature } from "./signature.ts";

/** The reference translations of each line: one, or several, each a whole line of text. */
export type ReferenceLines = readonly (string | readonly string[])[];

/**
 * A metric over lines of text, with its options. It rests on a few numbers for each line that are summed
 * over the lines before the score is computed, which makes resampling quick.
 *
 * `bleuMetric`, `chrfMetric` and `terMetric` make one.
 */
export interface LineMetric<
  Result extends { readonly score: number } = { readonly score: number },
> {
  /** As sacreBLEU prints it: `BLEU`, `chrF2++`, `TER`. */
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** The options, as sacreBLEU's signature has them: `case:mixed`, ... */
  readonly settings: readonly string[];
  /** The numbers of one line; always as many. */
  statistics(hypothesis: string, references: readonly string[]): readonly number[];
  /** The score that belongs to statistics which were summed over lines. */
  result(statistics: ArrayLike<number>): Result;
}

/**
 * The score of whole texts by any metric.
 *
 * @returns what the metric gives, and the signature by which the score can be compared with others'.
 * @throws AttendError BAD_DATA where there is no line, not one hypothesis a line, or a line without reference.
 */
export function scoreLines<Result extends { readonly score: number }>(
  metric: LineMetric<Result>,
  hypotheses: readonly string[],
  references: ReferenceLines,
): Result & { readonly signature: string } {
  const lines = listReferences(references);
  checkHypotheses(hypotheses, lines, "hypotheses");
  const rows = statisticsOfLines(metric, hypotheses, lines);
  const signature = writeSignature(metric.settings, countReferences(lines));
  return { ...metric.result(sumRows(rows)), signature };
}

/** @throws AttendError BAD_DATA where there is no line, or a line without reference. */
export function listReferences(references: ReferenceLines): (readonly string[])[] {
  if (references.length === 0) {
    throw new AttendError("BAD_DATA", "No references were given; give those of at least one line.");
  }
  const lines = references.map((line) => (typeof line === "string" ? [line] : line));
  const bare = lines.findIndex((line) => line.length === 0);
  if (bare !== -1) {
    throw new AttendError(
      "BAD_DATA",
      `Line ${bare} (counted from 0) has no reference; give one or leave the line out.`,
    );
  }
  return lines;
}

/** @throws AttendError BAD_DATA where there is not one hypothesis a line. */
export function checkHypotheses(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  what: string,
): void {
  if (hypotheses.length === references.length) return;
  throw new AttendError(
    "BAD_DATA",
    `There is one hypothesis a line, but ${hypotheses.length} ${what} and the references of ${references.length} lines were given; references go by line, each with its one or several.`,
  );
}

export function statisticsOfLines(
  metric: LineMetric,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): (readonly number[])[] {
  return hypotheses.map((hypothesis, line) => metric.statistics(hypothesis, references[line]!));
}

export function sumRows(rows: readonly (readonly number[])[]): number[] {
  const sum = rows[0]!.map(() => 0);
  for (const row of rows) for (const [i, value] of row.entries()) sum[i]! += value;
  return sum;
}

/** How many references every line has, or `var` where that differs. */
export function countReferences(references: readonly (readonly string[])[]): number | "var" {
  const count = references[0]!.length;
  return references.every((line) => line.length === count) ? count : "var";
}
