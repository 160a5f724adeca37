import type { BestValidation } from "./state.ts";

/** What a training tells while it runs. Steps and epochs count from 1; `totalSteps` is an estimate where epochs differ in length. */
export type TrainingEvent =
  | {
      readonly type: "start";
      /** Updates done before; 0 when it starts anew. */
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

/** What a run tells: what the training of each stage does, and what its app does before. */
export type RunEvent =
  | TrainingEvent
  /** Comes before the events of a stage that has a name. */
  | {
      readonly type: "stage";
      readonly name: string;
      /** From 1. */
      readonly place: number;
      readonly stages: number;
    }
  /** One line. A warning is what a person has to know. */
  | { readonly type: "note" | "warning"; readonly message: string }
  /** Work before the training: `encoding` so many `photos`. */
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
  /** Of all runs together. */
  readonly seconds: number;
  /** What the last validation gave; absent without one in this run. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly best?: BestValidation;
  readonly paths: TrainingPaths;
}

/** Files that a training writes. */
export interface TrainingPaths {
  /** The checkpoint, from which training resumes. */
  readonly latest: string;
  /** The weights of the best validation (the averaged ones where there are any), with `keepBest`. */
  readonly best: string;
  readonly log: string;
  readonly tensorboard: string;
}
