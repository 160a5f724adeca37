import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { acquireLock } from "@attend/runtime/lock";

/** What the folder of a stage holds. */
export const stageFiles = {
  latest: "latest.safetensors",
  best: "best.safetensors",
  log: "log.jsonl",
  tensorboard: "tensorboard",
  origin: "origin.json",
  curves: "curves.png",
  model: "model",
  /** Written last: the stage is finished. */
  result: "result.json",
} as const;

/**
 * Makes the folder of a training. For what is costly and comes before; `runTraining` itself does it as well.
 *
 * @throws AttendError BAD_ARGUMENT where `out` holds a training that is not to be gone on with; WRITE_FAILED
 */
export async function requireUntaken(out: string, resume: boolean | undefined): Promise<void> {
  await ensureWritableDirectory(out);
  if (resume === true) return;
  const stages = readdirSync(out).filter((name) => /^\d+-/.test(name));
  if (![".", ...stages].some((name) => holdsTraining(join(out, name)))) return;
  const message = `${out} already holds a training; go on with it by --resume, or train into another folder by --out`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/** Whether the folder of a stage has what a training can go on from. */
export function holdsTraining(folder: string): boolean {
  return [stageFiles.latest, stageFiles.result].some((name) => existsSync(join(folder, name)));
}

/**
 * Keeps other trainings out of a folder.
 *
 * @returns gives the folder free
 * @throws AttendError BAD_ARGUMENT where another training is at work in it; WRITE_FAILED
 */
export function holdFolder(out: string): Promise<() => Promise<void>> {
  return acquireLock(join(out, "training.lock"), (owner) => {
    const message = `another training is writing into ${out} (process ${owner}); wait until it has ended, or train into another folder`;
    return new AttendError("BAD_ARGUMENT", message);
  });
}
