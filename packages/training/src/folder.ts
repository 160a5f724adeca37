import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { acquireLock } from "@attend/runtime/lock";

/** The files in a stage's folder. */
export const stageFiles = {
  latest: "latest.safetensors",
  best: "best.safetensors",
  log: "log.jsonl",
  tensorboard: "tensorboard",
  origin: "origin.json",
  curves: "curves.png",
  model: "model",
  /** Written last, when the stage is finished. */
  result: "result.json",
} as const;

/**
 * Creates the folder of a training, unless it contains one that must not be continued. `runTraining` does
 * the same; call it before expensive preparation.
 *
 * @throws AttendError BAD_ARGUMENT if `out` contains a training and `resume` is not set; WRITE_FAILED
 */
export async function requireFreeFolder(out: string, resume: boolean | undefined): Promise<void> {
  await ensureWritableDirectory(out);
  if (resume === true) return;
  const stages = readdirSync(out).filter((name) => /^\d+-/.test(name));
  if (![".", ...stages].some((name) => containsTraining(join(out, name)))) return;
  const message = `${out} already contains a training; continue it with --resume, or train into another folder with --out`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/** Whether a stage's folder contains a training to continue. */
export function containsTraining(folder: string): boolean {
  return [stageFiles.latest, stageFiles.result].some((name) => existsSync(join(folder, name)));
}

/**
 * Locks a folder against other trainings.
 *
 * @returns a function that releases the folder
 * @throws AttendError BAD_ARGUMENT if another training is running in it; WRITE_FAILED
 */
export function lockFolder(out: string): Promise<() => Promise<void>> {
  return acquireLock(join(out, "training.lock"), (owner) => {
    const message = `another training is writing into ${out} (process ${owner}); wait until it ends, or train into another folder`;
    return new AttendError("BAD_ARGUMENT", message);
  });
}
