import type { TrainFlags as TrainingFlags } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";

/** What every kind of training is told, and the options of each. */
export interface TrainFlags extends TrainingFlags {
  readonly vectors?: string;
  readonly validation?: string;
  readonly faq?: string;
  readonly intents?: string;
  readonly stories?: string;
  readonly dialogue?: string;
  readonly wordings?: string;
  readonly unanswerable?: string;
}

/** What `evaluate` is told. */
export interface EvaluateFlags {
  readonly model?: string;
  readonly faq?: string;
  readonly questions?: string;
  readonly unanswerable?: string;
  readonly intents?: string;
  readonly stories?: string;
  readonly curve?: string;
  readonly predictions?: string;
  readonly json: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}
