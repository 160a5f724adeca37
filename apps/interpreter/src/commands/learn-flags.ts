import type { TrainFlags } from "@attend/cli-kit";

/** What is learned from, and the options of every training. */
export interface LearnFlags extends TrainFlags {
  readonly recordings?: string;
  readonly text?: readonly string[];
  readonly validation?: readonly string[];
}
