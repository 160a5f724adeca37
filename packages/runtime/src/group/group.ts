import type { Place } from "./place.ts";

/**
 * Processes that work together, such as on one training. Each calls the same functions in the same order, and waits
 * in them for the others.
 */
export interface Group extends Place {
  /**
   * Begins to replace values by their sum over all processes: the same bits in each, and in every run with as many processes.
   * They belong to the sum until `finishSums`.
   */
  startSum(values: Float32Array): void;
  /** Lets the sums that were started go on as far as they can without waiting, between other work that blocks. */
  advanceSums(): void;
  /** Waits for all sums that were started. */
  finishSums(): Promise<void>;
  /** What each process gives, in their order: what `structuredClone` can copy, and small, since each receives all. */
  gather<Value>(value: Value): Promise<Value[]>;
}

/** A process of its own. */
export const alone: Group = {
  rank: 0,
  size: 1,
  startSum() {},
  advanceSums() {},
  finishSums: async () => {},
  gather: async (value) => [value],
};
