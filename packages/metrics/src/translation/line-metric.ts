import { AttendError } from "@attend/runtime/errors";
import { writeSignature } from "./signature.ts";

/** The reference translations of each line: one string, or an array of alternatives. */
export type ReferenceLines = readonly (string | readonly string[])[];

/**
 * A metric over lines of text, with its options. The score is computed from a few numbers per line,
 * summed over the lines, which makes resampling fast.
 *
 * Created by `bleuMetric`, `chrfMetric` and `terMetric`.
 */
export interface LineMetric<
  Result extends { readonly score: number } = { readonly score: number },
> {
  /** As sacreBLEU prints it: `BLEU`, `chrF2++`, `TER`. */
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** The options as in sacreBLEU's signature: `case:mixed`, ... */
  readonly settings: readonly string[];
  /** The numbers for one line; the same length for every line. */
  statistics(hypothesis: string, references: readonly string[]): readonly number[];
  /** The score for statistics that were summed over lines. */
  result(statistics: ArrayLike<number>): Result;
}

/**
 * Scores a corpus with any metric.
 *
 * @returns the metric's result, and the signature that makes the score comparable.
 * @throws AttendError BAD_DATA if there are no lines, the number of hypotheses and lines differ, or
 * a line has no reference.
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

/** @throws AttendError BAD_DATA if there are no lines, or a line has no reference. */
export function listReferences(references: ReferenceLines): (readonly string[])[] {
  if (references.length === 0) {
    throw new AttendError(
      "BAD_DATA",
      "no references were given; pass the references of at least one line",
    );
  }
  const lines = references.map((line) => (typeof line === "string" ? [line] : line));
  const bare = lines.findIndex((line) => line.length === 0);
  if (bare !== -1) {
    throw new AttendError(
      "BAD_DATA",
      `line ${bare} (counted from 0) has no reference; add one or leave the line out`,
    );
  }
  return lines;
}

/** @throws AttendError BAD_DATA if the number of hypotheses and lines differ. */
export function checkHypotheses(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  what: string,
): void {
  if (hypotheses.length === references.length) return;
  throw new AttendError(
    "BAD_DATA",
    `${hypotheses.length} ${what} and the references of ${references.length} lines were given; pass one hypothesis per line, and references grouped by line`,
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

/** The number of references per line, or `var` if it varies. */
export function countReferences(references: readonly (readonly string[])[]): number | "var" {
  const count = references[0]!.length;
  return references.every((line) => line.length === count) ? count : "var";
}
