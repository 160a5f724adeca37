import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { z } from "zod";
import { identityOf } from "../process-identity.ts";
import { trainingKinds } from "../schemas/trainings.ts";

/** The files of a training's folder beside those of the program: checkpoints, log, model. */
export const trainingFiles = {
  /** What the server knows of it. */
  record: "training.json",
  /** What was uploaded for it. */
  data: "data",
  /** What the program wrote to stdout and stderr. */
  output: "output.txt",
} as const;

const recordSchema = z.object({
  kind: z.enum(trainingKinds),
  created: z.iso.datetime(),
  /** Of the program's `train`. */
  args: z.array(z.string()),
  wanted: z.enum(["waiting", "running", "stopped"]),
  /** The program's last process. */
  process: z.object({ pid: z.number().int().positive(), identity: z.string() }).optional(),
});

/** What the server knows of a training; plain JSON, so that a later server finds it again. */
export type TrainingRecord = z.output<typeof recordSchema>;

/** @throws AttendError FILE_NOT_FOUND, BAD_CONFIG */
export async function readRecord(folder: string): Promise<TrainingRecord> {
  const file = join(folder, trainingFiles.record);
  return parseConfig(recordSchema, await readJson(file), file);
}

/** @throws AttendError WRITE_FAILED */
export function writeRecord(folder: string, record: TrainingRecord): Promise<void> {
  return writeJson(join(folder, trainingFiles.record), record);
}

/** Whether the training's process runs: the very one, not another that has its id by now. */
export function isRunning({ process }: TrainingRecord): boolean {
  return process !== undefined && identityOf(process.pid) === process.identity;
}

/** Whether the program has written its last file. */
export function isFinished(folder: string, { kind }: TrainingRecord): boolean {
  const has = (name: string) => existsSync(join(folder, name));
  // A bot that is taught at once has neither stages nor a result.
  if (kind === "chat" && has("config.json")) return true;
  return stagesOf(folder)[0] === folder ? has("result.json") : has("model");
}

/** The folders of a training's stages, in order; that of the training itself if it has one stage. */
export function stagesOf(folder: string): string[] {
  const stages = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+-/.test(name)) : [];
  stages.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return stages.length === 0 ? [folder] : stages.map((name) => join(folder, name));
}
