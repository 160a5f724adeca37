import type { TrainFlags } from "@attend/cli-kit";

/** What a repairer learns from, and the options of every training. */
export interface InterpretTrainFlags extends TrainFlags {
  readonly text: readonly string[];
  readonly validation: readonly string[];
}
