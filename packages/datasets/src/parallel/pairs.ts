import type { Spread } from "../spread.ts";

/** A sentence and its translation. */
export interface ParallelPair {
  /** Not empty, and trimmed, unless lines are kept unchanged. */
  readonly source: string;
  /** Like `source`. */
  readonly target: string;
  /** Its file; of two aligned files, the source's. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The result of {@link readParallel}, in the order of the files. */
export interface ParallelText {
  readonly pairs: readonly ParallelPair[];
  /** Numbers of pairs left out because a side is empty or longer than `maxLength`. */
  readonly skipped: { readonly empty: number; readonly overlong: number };
  /** Problems that did not prevent reading the files, one line each. */
  readonly warnings: readonly string[];
}

/** Statistics of a set of pairs. */
export interface ParallelStatistics {
  readonly pairs: number;
  readonly distinctSources: number;
  readonly distinctTargets: number;
  /** Pairs that repeat an earlier one's source and target. */
  readonly repeated: number;
  /** In characters (UTF-16 code units). */
  readonly sourceLength: Spread;
  readonly targetLength: Spread;
}
