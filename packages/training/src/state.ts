import { z } from "zod";
import type { Mode } from "./config.ts";

const bestSchema = z.object({ metric: z.string(), value: z.number(), step: z.number() });
const watchSchema = z.object({ best: z.number().nullable(), waited: z.number() });

/** All that a training is besides its tensors; plain JSON, part of every checkpoint. */
export const trainingStateSchema = z.object({
  /** Updates done. */
  step: z.number().int(),
  /** Where the next batch is: epoch, and place in the epoch's plan. */
  epoch: z.number().int(),
  batch: z.number().int(),
  /** The step of the last validation; 0 before. */
  validatedStep: z.number().int(),
  /** What a plateau schedule has come to. */
  plateau: watchSchema.extend({ scale: z.number() }),
  earlyStopping: watchSchema,
  best: bestSchema.nullable(),
  /** Of all runs together. */
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
    plateau: { best: null, waited: 0, scale: 1 },
    earlyStopping: { best: null, waited: 0 },
    best: null,
    seconds: 0,
    finished: null,
  };
}

/** Whether `value` beats `best`; NaN never does. */
export function isBetter(value: number, best: number | null, mode: Mode): boolean {
  if (Number.isNaN(value)) return false;
  return best === null || (mode === "max" ? value > best : value < best);
}

/** Notes a validation: the best so far, and how many there were since. */
export function watch(
  watched: { best: number | null; waited: number },
  value: number,
  mode: Mode,
): void {
  if (isBetter(value, watched.best, mode)) {
    watched.best = value;
    watched.waited = 0;
  } else {
    watched.waited++;
  }
}
