import { join } from "node:path";
import type { Training } from "../schemas/trainings.ts";
import { lastLine, latestOf } from "./progress.ts";
import { isFinished, isRunning, type TrainingRecord, trainingFiles } from "./record.ts";

/** A training as its folder tells it. */
export function describe(name: string, folder: string, record: TrainingRecord): Training {
  const state = stateOf(folder, record);
  const { step, validation } = latestOf(folder);
  // Whoever sent a file knows it by its name.
  const data = join(folder, trainingFiles.data, "/");
  const message = lastLine(join(folder, trainingFiles.output))?.replaceAll(data, "");
  return {
    name,
    kind: record.kind,
    state,
    created: record.created,
    step: step?.step ?? 0,
    ...(step?.type === "step" && {
      epoch: step.epoch,
      loss: step.loss,
      ...(step.totalSteps !== undefined && { steps: step.totalSteps }),
      ...(state === "running" &&
        step.secondsLeft !== undefined && { secondsLeft: step.secondsLeft }),
    }),
    ...(validation?.type === "validation" && { metrics: validation.metrics }),
    ...(message !== undefined && { message }),
  };
}

function stateOf(folder: string, record: TrainingRecord): Training["state"] {
  const { wanted } = record;
  if (isRunning(record)) return wanted === "stopped" ? "stopping" : "running";
  if (wanted === "waiting") return "waiting";
  if (isFinished(folder, record)) return "finished";
  return wanted === "stopped" ? "stopped" : "failed";
}
