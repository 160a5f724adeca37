import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory } from "@attend/runtime/files";
import type { Place } from "@attend/runtime/group";
import { acquireLock } from "@attend/runtime/lock";
import type { TrainingPaths } from "./events.ts";

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

/** The files that a training writes into its folder. */
export function pathsIn(out: string): TrainingPaths {
  const { latest, best, log, tensorboard } = stageFiles;
  return {
    latest: join(out, latest),
    best: join(out, best),
    log: join(out, log),
    tensorboard: join(out, tensorboard),
  };
}

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

const lockFile = "training.lock";

/** @throws AttendError BAD_ARGUMENT if this process does not see that another has locked the folder */
export function requireSharedFolder(out: string, { rank }: Place): void {
  if (existsSync(join(out, lockFile))) return;
  const message = `process ${rank} does not see what process 0 writes into ${out}; give a folder that all machines share with --out`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/**
 * Locks a folder against other trainings.
 *
 * @returns a function that releases the folder
 * @throws AttendError BAD_ARGUMENT if another training is running in it; WRITE_FAILED
 */
export function lockFolder(out: string): Promise<() => Promise<void>> {
  return acquireLock(join(out, lockFile), (owner) => {
    const message = `another training is writing into ${out} (process ${owner}); wait until it ends, or train into another folder`;
    return new AttendError("BAD_ARGUMENT", message);
  });
}
