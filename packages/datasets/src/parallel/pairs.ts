import type { Spread } from "../spread.ts";

/** A sentence and its translation. */
export interface ParallelPair {
  /** Not empty, without white space at its ends, unless lines are kept as they are. */
  readonly source: string;
  /** As `source`. */
  readonly target: string;
  /** The file it came from; where there are two, the source's. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What {@link readParallel} found, in the order of the files. */
export interface ParallelText {
  readonly pairs: readonly ParallelPair[];
  /** Pairs that were left out, because a side has no text or is longer than `maxLength`. */
  readonly skipped: { readonly empty: number; readonly overlong: number };
  /** What a person should know though the files could be read: one line each. */
  readonly warnings: readonly string[];
}

/** What a set of pairs holds, in numbers. */
export interface ParallelStatistics {
  readonly pairs: number;
  readonly distinctSources: number;
  readonly distinctTargets: number;
  /** Pairs that stand there before with the same source and the same target. */
  readonly repeated: number;
  /** Characters (UTF-16 code units) a side. */
  readonly sourceLength: Spread;
  readonly targetLength: Spread;
}
