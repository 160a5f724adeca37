import type { Place } from "./place.ts";

/**
 * Processes that work together, such as on one training. Each calls the same functions in the same order, and waits
 * in them for the others.
 */
export interface Group extends Place {
  /**
   * Replaces values by their sum over all processes: the same bits in each, and in every run with as many processes.
   */
  sum(values: Float32Array): Promise<void>;
  /** What each process gives, in their order: a few kilobytes that `structuredClone` can copy. */
  gather<Value>(value: Value): Promise<Value[]>;
}

/** A process of its own. */
export const alone: Group = {
  rank: 0,
  size: 1,
  sum: async () => {},
  gather: async (value) => [value],
};
