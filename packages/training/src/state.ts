import { z } from "zod";
import type { Watched } from "./config.ts";

/** The value of the metric that breaks ties; null if there is none or it is not finite. */
const tie = z.number().nullable().default(null);

export const bestSchema = z.object({
  metric: z.string(),
  value: z.number(),
  tie,
  step: z.number(),
});
const watchSchema = z.object({ best: z.number().nullable(), tie, waited: z.number() });

/** The state of a training, without its tensors; plain JSON, part of every checkpoint. */
export const trainingStateSchema = z.object({
  /** Updates done. */
  step: z.number().int(),
  /** The next batch: its epoch, and its index in the epoch's plan. */
  epoch: z.number().int(),
  batch: z.number().int(),
  /** The step of the last validation; 0 before. */
  validatedStep: z.number().int(),
  /** The state of a plateau schedule. */
  plateau: watchSchema.extend({ scale: z.number() }),
  earlyStopping: watchSchema,
  best: bestSchema.nullable(),
  /** The sum over all runs. */
  seconds: z.number(),
  finished: z.enum(["complete", "early-stopping"]).nullable(),
});

export type TrainingState = z.output<typeof trainingStateSchema>;
export type BestValidation = z.output<typeof bestSchema>;

export function initialState(): TrainingState {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    validatedStep: 0,
    plateau: { best: null, tie: null, waited: 0, scale: 1 },
    earlyStopping: { best: null, tie: null, waited: 0 },
    best: null,
    seconds: 0,
    finished: null,
  };
}

/** A validation's values of a watched metric and its tie. */
export interface Score {
  readonly value: number;
  readonly tie: number | null;
}

/** @param metrics must contain the watched metric */
export function scoreOf(
  metrics: Readonly<Record<string, number>>,
  { metric, tie }: Watched,
): Score {
  const deciding = tie === undefined ? undefined : metrics[tie.metric];
  return {
    value: metrics[metric] ?? Number.NaN,
    tie: deciding !== undefined && Number.isFinite(deciding) ? deciding : null,
  };
}

/** Whether `score` beats `best`, or ties and has the better `tie`; NaN never does. */
export function isBetter(score: Score, best: Score | null, { mode, tie }: Watched): boolean {
  if (Number.isNaN(score.value)) return false;
  if (best === null) return true;
  if (score.value !== best.value) return isBeyond(score.value, best.value, mode);
  if (tie === undefined || score.tie === null) return false;
  return best.tie === null || isBeyond(score.tie, best.tie, tie.mode);
}

function isBeyond(value: number, other: number, mode: Watched["mode"]): boolean {
  return mode === "max" ? value > other : value < other;
}

/** Records a validation: the best so far, and the number of validations since. */
export function watch(
  watched: { best: number | null; tie: number | null; waited: number },
  score: Score,
  by: Watched,
): void {
  const best = watched.best === null ? null : { value: watched.best, tie: watched.tie };
  if (isBetter(score, best, by)) {
    Object.assign(watched, { best: score.value, tie: score.tie, waited: 0 });
  } else {
    watched.waited++;
  }
}
