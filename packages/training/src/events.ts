import type { BestValidation } from "./state.ts";

/** A training's progress. Steps and epochs count from 1; `totalSteps` is an estimate if epochs differ in length. */
export type TrainingEvent =
  | {
      readonly type: "start";
      /** Updates already done; 0 for a new training. */
      readonly step: number;
      readonly totalSteps: number;
      readonly trainedParameters: number;
    }
  | {
      readonly type: "step";
      readonly step: number;
      readonly totalSteps: number;
      readonly epoch: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly gradientNorm: number;
      readonly itemsPerSecond: number;
      readonly secondsLeft: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | { readonly type: "validation-start"; readonly step: number }
  | {
      readonly type: "validation";
      readonly step: number;
      readonly epoch: number;
      readonly metrics: Readonly<Record<string, number>>;
      /** Whether it is the best so far. */
      readonly isBest: boolean;
      readonly seconds: number;
    }
  | { readonly type: "checkpoint"; readonly step: number; readonly path: string };

/** A run's progress: its stages, the training of each, and the app's preparation. */
export type RunEvent =
  | TrainingEvent
  /** Precedes the events of a named stage. */
  | {
      readonly type: "stage";
      readonly name: string;
      /** From 1. */
      readonly number: number;
      readonly stages: number;
    }
  /** One line; a warning is shown even if the output is quiet. */
  | { readonly type: "note" | "warning"; readonly message: string }
  /** Work before the training, such as `encoding` `photos`. */
  | {
      readonly type: "progress";
      readonly label: string;
      readonly unit: string;
      readonly done: number;
      readonly total: number;
    };

/** How a training ended. */
export interface TrainingResult {
  readonly stopped: "complete" | "early-stopping";
  /** Updates done. */
  readonly step: number;
  readonly epoch: number;
  /** The sum over all runs. */
  readonly seconds: number;
  /** The result of the last validation; absent if this run had none. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly best?: BestValidation;
  readonly paths: TrainingPaths;
}

/** The files that a training writes. */
export interface TrainingPaths {
  /** The checkpoint to resume from. */
  readonly latest: string;
  /** The weights of the best validation (averaged ones with `ema`), if `keepBest` is set. */
  readonly best: string;
  readonly log: string;
  readonly tensorboard: string;
}
