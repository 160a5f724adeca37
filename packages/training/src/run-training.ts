import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadWeights, type Module } from "@attend/nn";
import { firstDifference, parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { z } from "zod";
import { decisive } from "./checkpoint.ts";
import type { TrainingConfig, Watched } from "./config.ts";
import type { RunEvent } from "./events.ts";
import { holdFolder, holdsTraining, requireUntaken, stageFiles } from "./folder.ts";
import { readLog } from "./log.ts";
import { type Origin, otherOrigin } from "./origin.ts";
import { bestSchema } from "./state.ts";
import type { TrainingTask, Validate } from "./task.ts";
import { isInterruption, train } from "./train.ts";

/** A part of a training, which starts from the best weights of the one before. */
export interface Stage {
  /**
   * Its folder is `out/<place>-<name>`. The only stage of a plain training has no name, and writes right
   * into `out`.
   */
  readonly name?: string;
  /** What it trains. */
  readonly module: Module;
  /** How it is trained; its best weights are always kept. */
  readonly config: TrainingConfig & { readonly keepBest: Watched };
  /** What else its weights depend on, plain JSON. */
  readonly settings?: object;
  /** Prepares what it needs. Not called for a stage that is finished. */
  start(): Promise<StartedStage> | StartedStage;
}

/** What a stage trains on, and how it is measured. */
export interface StartedStage {
  readonly task: TrainingTask<unknown, unknown>;
  readonly validate: Validate;
  /** Frees what `start` made. */
  close?(): Promise<void> | void;
}

/** What a training is made of, where it is written, and how it is stopped and watched. */
export interface RunOptions {
  /** The folder of everything the training writes; made where absent. */
  readonly out: string;
  /** Goes on with the training in `out`; begins one where there is none. */
  readonly resume?: boolean | undefined;
  /** Ends the training after the current step: it saves and throws INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every stage, and of what its training does. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** What a resumed training is checked against. */
  readonly origin: Origin;
  /** One or more, in their order. */
  readonly stages: readonly Stage[];
  /** Writes the model as it is now into a folder, which is made where absent. */
  save(folder: string, result: StageResult): Promise<void>;
}

const stageResultSchema = z.object({
  stopped: z.enum(["complete", "early-stopping"]),
  /** Updates done. */
  step: z.number(),
  epoch: z.number(),
  /** Of all runs together. */
  seconds: z.number(),
  /** The validation whose weights were kept. */
  best: bestSchema,
});

/** How a stage ended. */
export type StageResult = z.output<typeof stageResultSchema>;

/** How a training ended. */
export interface RunResult extends StageResult {
  /** Of each stage; the last one's are here as well, but for steps and seconds, which are of all. */
  readonly stages: readonly StageResult[];
}

/**
 * Trains stage by stage, and writes a model at the end of each: `model` in the stage's folder, and the
 * last one into `out/model`. Beside it are the stage's checkpoint, best weights, log, curves, and
 * origin.json: what it was made of. A training that was stopped at any moment and resumed ends with the
 * very same weights as one that ran through; finished stages do not run again.
 *
 * The modules hold the best weights at the end.
 *
 * @throws AttendError BAD_ARGUMENT where `out` holds a training and `resume` is not set, or another
 *   training is at work there; BAD_CONFIG where the one there was begun with something else;
 *   INTERRUPTED; and as {@link train} does
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const { out, resume, stages } = options;
  await ensureWritableDirectory(out);
  const release = await holdFolder(out);
  try {
    await requireUntaken(out, resume);
    const folders = stages.map(({ name }, i) =>
      name === undefined ? out : join(out, `${i + 1}-${name}`),
    );
    const results: StageResult[] = [];
    for (const [i, stage] of stages.entries()) {
      const [folder = out, next] = folders.slice(i);
      const isFinal = next !== undefined && holdsTraining(next);
      results.push(await runStage({ ...options, stage, folder, isFinal, place: i + 1 }));
    }
    const [last, model] = [folders.at(-1) ?? out, join(out, stageFiles.model)];
    if (last !== out) await cp(join(last, stageFiles.model), model, { recursive: true });
    return summary(results);
  } catch (thrown) {
    if (!isInterruption(thrown)) throw thrown;
    const message = `stopped; run the same command with --resume to go on with ${out}`;
    throw new AttendError("INTERRUPTED", message, { cause: thrown });
  } finally {
    await release();
  }
}

async function runStage({
  stage,
  folder,
  isFinal,
  place,
  ...options
}: RunOptions & {
  readonly stage: Stage;
  readonly folder: string;
  /** Whether the next stage went on from its weights already. */
  readonly isFinal: boolean;
  readonly place: number;
}): Promise<StageResult> {
  const { resume, signal, onEvent, save, stages } = options;
  const { name, module, config, settings } = stage;
  const settingsOf = settings === undefined ? {} : { stage: settings };
  const origin = { ...options.origin, ...settingsOf, training: decisive(config) };
  const originFile = join(folder, stageFiles.origin);
  const isBegun = holdsTraining(folder);
  const difference = isBegun ? firstDifference(await readJson(originFile), origin) : undefined;
  // It comes last, so all else is the same; how a training may change in the end the trainer knows.
  const mayDiffer = !isFinal && difference?.path.startsWith("training.");
  if (difference !== undefined && !mayDiffer) throw otherOrigin(folder, difference);
  const finished = difference === undefined ? await finishedStage(folder) : undefined;
  if (finished !== undefined) {
    await loadWeights(module, join(folder, stageFiles.best));
    return finished;
  }
  if (name !== undefined) onEvent?.({ type: "stage", name, place, stages: stages.length });
  const { task, validate, close } = await stage.start();
  let result: StageResult;
  try {
    await ensureWritableDirectory(folder);
    if (!isBegun) await writeJson(originFile, origin);
    const trained = await train(module, task, config, {
      ...{ out: folder, resume, signal, onEvent, validate },
    });
    const { stopped, step, epoch, seconds, best, paths } = trained;
    if (best === undefined) {
      const message = `${folder}: no validation gave a number for ${config.keepBest.metric}; lower the learning rate, or train longer`;
      throw new AttendError("NOT_FINITE", message);
    }
    await loadWeights(module, paths.best);
    result = { stopped, step, epoch, seconds, best };
  } finally {
    await close?.();
  }
  await save(join(folder, stageFiles.model), result);
  await drawCurves(folder);
  await writeJson(join(folder, stageFiles.result), result);
  await writeJson(originFile, origin);
  return result;
}

/** What a stage ended with; absent where it is not finished. */
async function finishedStage(folder: string): Promise<StageResult | undefined> {
  const file = join(folder, stageFiles.result);
  const isFinished = existsSync(file) && existsSync(join(folder, stageFiles.model));
  return isFinished ? parseConfig(stageResultSchema, await readJson(file), file) : undefined;
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
    throw new AttendError("BAD_ARGUMENT", "a training has no stage; give one or more");
  }
  const sum = (key: "step" | "seconds") => stages.reduce((total, stage) => total + stage[key], 0);
  return { ...last, step: sum("step"), seconds: sum("seconds"), stages };
}
