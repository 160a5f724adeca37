import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadWeights, type Module } from "@attend/nn";
import { firstDifference, parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFileAtomic, writeFilesAtomic } from "@attend/runtime/files";
import { type Group, joinGroup, type Place } from "@attend/runtime/group";
import { z } from "zod";
import { decisive } from "./checkpoint.ts";
import type { TrainingConfig, Watched } from "./config.ts";
import { describeDivision, inTurn, requireSame } from "./divide.ts";
import type { RunEvent } from "./events.ts";
import {
  containsTraining,
  lockFolder,
  requireFreeFolder,
  requireSharedFolder,
  stageFiles,
} from "./folder.ts";
import { readLog } from "./log.ts";
import { type Origin, originMismatch } from "./origin.ts";
import { bestSchema } from "./state.ts";
import type { TrainingTask, Validate } from "./task.ts";
import { isInterruption, type TrainOptions, train } from "./train.ts";

/** A part of a training, which starts from the best weights of the one before. */
export interface Stage {
  /**
   * Its folder is `out/<number>-<name>`. The only stage of a plain training has no name, and writes
   * directly into `out`.
   */
  readonly name?: string;
  /** The module that it trains. */
  readonly module: Module;
  /** The trainer's configuration; the best weights are always kept. */
  readonly config: TrainingConfig & { readonly keepBest: Watched };
  /** Other settings that its weights depend on, as plain JSON. */
  readonly settings?: object;
  /**
   * Prepares the stage; not called if it is already finished.
   *
   * @param place of this process, if several train together
   */
  start(place: Place): Promise<StartedStage> | StartedStage;
}

/** The task of a stage and its validation. */
export interface StartedStage {
  readonly task: TrainingTask<unknown, unknown>;
  readonly validate: Validate;
  /** Frees the resources of `start`. */
  close?(): Promise<void> | void;
}

/** Options of {@link runTraining}. */
export interface RunOptions {
  /** The folder for everything that the training writes; created if missing. */
  readonly out: string;
  /** Continues the training in `out`, or starts one if there is none. */
  readonly resume?: boolean | undefined;
  /** Aborting it ends the training after the current step: it saves and throws INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called for the events of each stage and its training. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Compared with the origin of a training that is resumed. */
  readonly origin: Origin;
  /** One or more stages, in order. */
  readonly stages: readonly Stage[];
  /** Processes that train together, see {@link TrainOptions.group}; they share the folder `out`. */
  readonly group?: TrainOptions["group"];
  /** Writes the current model into a folder, which it creates if missing. */
  save(folder: string, result: StageResult): Promise<void>;
}

/** Those options that whoever starts a training decides; an app's training has them beside what is trained on what. */
export type RunArguments = {
  readonly [Key in "out" | "resume" | "signal" | "onEvent"]-?: NonNullable<RunOptions[Key]>;
};

const stageResultSchema = z.object({
  stopped: z.enum(["complete", "early-stopping"]),
  /** Updates done. */
  step: z.number(),
  epoch: z.number(),
  /** The sum over all runs. */
  seconds: z.number(),
  /** The validation whose weights were kept. */
  best: bestSchema,
});

/** How a stage ended. */
export type StageResult = z.output<typeof stageResultSchema>;

/** How a training ended. */
export interface RunResult extends StageResult {
  /** The result of each stage. The other properties are the last one's, but steps and seconds are sums. */
  readonly stages: readonly StageResult[];
}

/**
 * Trains stage by stage, and writes a model at the end of each: into `model` in the stage's folder, and
 * for the last stage also into `out/model`. A stage's folder also contains its checkpoint, best weights,
 * log, curves and origin.json. A training that is stopped at any moment and resumed ends with exactly the
 * same weights as an uninterrupted one; finished stages do not run again.
 *
 * At the end, the modules hold the best weights.
 *
 * In a group of processes, the first one alone writes; the others return once it has.
 *
 * @throws AttendError BAD_ARGUMENT if `out` contains a training and `resume` is not set, or if another
 *   training is running there, or not all processes share it; BAD_CONFIG if the one to resume has a different origin; INTERRUPTED; and
 *   the errors of {@link train}
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const { out, resume, stages } = options;
  const group = options.group ?? (await joinGroup());
  await ensureWritableDirectory(out);
  const release = group.rank === 0 ? await lockFolder(out) : undefined;
  try {
    await requireFreeFolder(out, resume);
    await group.gather("locked");
    requireSharedFolder(out, group);
    const folders = stages.map(({ name }, i) =>
      name === undefined ? out : join(out, `${i + 1}-${name}`),
    );
    const results: StageResult[] = [];
    for (const [i, stage] of stages.entries()) {
      const [folder = out, next] = folders.slice(i);
      const isFinal = next !== undefined && containsTraining(next);
      results.push(await runStage({ ...options, group, stage, folder, isFinal, number: i + 1 }));
    }
    const [last, model] = [folders.at(-1) ?? out, join(out, stageFiles.model)];
    if (group.rank === 0 && last !== out) await copyFiles(join(last, stageFiles.model), model);
    await group.gather("written");
    return summary(results);
  } catch (thrown) {
    if (!isInterruption(thrown)) throw thrown;
    const message = `stopped; run the same command with --resume to continue ${out}`;
    throw new AttendError("INTERRUPTED", message, { cause: thrown });
  } finally {
    await release?.();
  }
}

async function runStage({
  group,
  stage,
  folder,
  isFinal,
  number,
  ...options
}: RunOptions & {
  readonly group: Group;
  readonly stage: Stage;
  readonly folder: string;
  /** Whether the next stage has already started from its weights. */
  readonly isFinal: boolean;
  readonly number: number;
}): Promise<StageResult> {
  const { resume, signal, onEvent, save, stages } = options;
  const { name, module, config, settings } = stage;
  const settingsOf = settings === undefined ? {} : { stage: settings };
  const origin = { ...options.origin, ...settingsOf, training: decisive(config) };
  await requireSame(group, "data or options", origin);
  const originFile = join(folder, stageFiles.origin);
  const isStarted = containsTraining(folder);
  const difference = isStarted ? firstDifference(await readJson(originFile), origin) : undefined;
  // `training` comes last, so everything else is equal; the trainer decides how its config may change.
  const mayDiffer = !isFinal && difference?.path.startsWith("training.");
  if (difference !== undefined && !mayDiffer) throw originMismatch(folder, difference);
  const finished = difference === undefined ? await finishedStage(folder) : undefined;
  if (finished !== undefined) {
    await loadWeights(module, join(folder, stageFiles.best));
    return finished;
  }
  if (name !== undefined) onEvent?.({ type: "stage", name, number, stages: stages.length });
  const { task, validate, close } = await inTurn(group, async () => stage.start(group));
  let result: StageResult;
  try {
    if (group.size > 1) onEvent?.({ type: "note", message: describeDivision(task, group) });
    await ensureWritableDirectory(folder);
    if (group.rank === 0 && !isStarted) await writeJson(originFile, origin);
    const trained = await train(module, task, config, {
      ...{ out: folder, resume, signal, onEvent, validate, group },
    });
    const { stopped, step, epoch, seconds, best, paths } = trained;
    if (best === undefined) {
      const message = `${folder}: ${config.keepBest.metric} was not a number in any validation; lower the learning rate, or train longer`;
      throw new AttendError("NOT_FINITE", message);
    }
    await loadWeights(module, paths.best);
    result = { stopped, step, epoch, seconds, best };
  } finally {
    await close?.();
  }
  if (group.rank === 0) {
    await save(join(folder, stageFiles.model), result);
    await drawCurves(folder);
    await writeJson(join(folder, stageFiles.result), result);
    await writeJson(originFile, origin);
  }
  return result;
}

/** The result of a stage; undefined if it is not finished. */
async function finishedStage(folder: string): Promise<StageResult | undefined> {
  const file = join(folder, stageFiles.result);
  const isFinished = existsSync(file) && existsSync(join(folder, stageFiles.model));
  return isFinished ? parseConfig(stageResultSchema, await readJson(file), file) : undefined;
}

/** Copies the files of a folder; none is replaced before all are written. */
async function copyFiles(from: string, to: string): Promise<void> {
  await ensureWritableDirectory(to);
  const files: [path: string, data: Uint8Array][] = [];
  for (const name of await readdir(from)) {
    files.push([join(to, name), await readFile(join(from, name))]);
  }
  await writeFilesAtomic(files);
}

async function drawCurves(folder: string): Promise<void> {
  const { plotCurvesPng } = await import("./plot.ts");
  const log = await readLog(join(folder, stageFiles.log));
  const curves = await plotCurvesPng(log, { title: basename(folder) });
  await writeFileAtomic(join(folder, stageFiles.curves), curves);
}

function summary(stages: readonly StageResult[]): RunResult {
  const last = stages.at(-1);
  if (last === undefined) {
    throw new AttendError("BAD_ARGUMENT", "no stages to train; give at least one");
  }
  const sum = (key: "step" | "seconds") => stages.reduce((total, stage) => total + stage[key], 0);
  return { ...last, step: sum("step"), seconds: sum("seconds"), stages };
}
