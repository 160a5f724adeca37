import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { fingerprint, type Module, saveWeights } from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import { type Group, joinGroup } from "@attend/runtime/group";
import { carriedByAll } from "./carried.ts";
import { readCheckpoint, removeUnfinished, writeCheckpoint } from "./checkpoint.ts";
import type { TrainingConfig } from "./config.ts";
import { createOptimizer } from "./create-optimizer.ts";
import { requireDivisible, requireSame, shareOf } from "./divide.ts";
import { WeightAverage } from "./ema.ts";
import type { TrainingEvent, TrainingPaths, TrainingResult } from "./events.ts";
import { pathsIn, requireFreeFolder } from "./folder.ts";
import { GradientExchange } from "./gradient-exchange.ts";
import { GradientAccumulator } from "./gradients.ts";
import { TrainingLength } from "./length.ts";
import { trainedParameters } from "./parameters.ts";
import { Recorder } from "./recorder.ts";
import { scheduleFactor } from "./schedule.ts";
import { initialState, type TrainingState } from "./state.ts";
import { BatchStream, streams } from "./stream.ts";
import type { TrainingTask, Validate, ValidationExample } from "./task.ts";
import { noteValidation, requireMetrics, shownExamples, validationIsDue } from "./validation.ts";

/** Options of {@link train}. */
export interface TrainOptions {
  /** The folder of latest.safetensors, best.safetensors and log.jsonl; created if missing. */
  readonly out: string;
  /** Continues from the checkpoint in `out`, or starts a new training if there is none. */
  readonly resume?: boolean | undefined;
  /** Aborting it ends the training after the current step: it saves and throws INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called for every step, validation and checkpoint. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Called with the averaged weights in the module, if there are any. */
  readonly validate?: Validate | undefined;
  /**
   * The processes that divide each update's batches, or their rows; all call this with the same arguments. Default:
   * those that `mpirun` has started, see {@link joinGroup}.
   */
  readonly group?: Group | undefined;
}

/**
 * Trains a module: the training loop of {@link runTraining}, without stages, origin and model. The result
 * depends on the task, the config and the engine alone: a training that is killed at any moment and
 * resumed ends with exactly the same weights as an uninterrupted one.
 *
 * N processes compute, to rounding, what one does with N times the `accumulate`, or with the same if batches continue each
 * other. The first one alone validates and writes.
 *
 * @param module contains all parameters that are trained, averaged and saved; at the end it holds the last
 *   weights (not the averaged or best ones)
 * @throws AttendError BAD_CONFIG, BAD_DATA (an epoch without batches), BAD_ARGUMENT (`out` contains a
 *   training and `resume` is not set, or it cannot be divided among the group), BAD_WEIGHTS (a checkpoint of another
 *   model), NOT_FINITE, WRITE_FAILED, INTERRUPTED; and whatever the task throws
 */
export async function train<Plan, Batch>(
  module: Module,
  task: TrainingTask<Plan, Batch>,
  config: TrainingConfig,
  options: TrainOptions,
): Promise<TrainingResult> {
  const group = options.group ?? (await joinGroup());
  const training = new Training(module, task, config, options, group);
  try {
    return await training.run();
  } finally {
    await training.dispose();
  }
}

class Training<Plan, Batch> {
  readonly #module: Module;
  readonly #task: TrainingTask<Plan, Batch>;
  readonly #config: TrainingConfig;
  readonly #options: TrainOptions;
  readonly #group: Group;
  readonly #paths: TrainingPaths;
  readonly #batches: BatchStream<Plan, Batch>;
  readonly #length: TrainingLength;
  readonly #trained;
  readonly #exchange: GradientExchange;
  readonly #optimizer;
  readonly #average: WeightAverage | undefined;
  /** Of the first process, which alone writes. */
  readonly #recorder: Recorder | undefined;
  #state: TrainingState = initialState();
  #metrics: Readonly<Record<string, number>> | undefined;
  #saved = { step: 0, at: performance.now() };
  #validationWasInterrupted = false;

  constructor(
    module: Module,
    task: TrainingTask<Plan, Batch>,
    config: TrainingConfig,
    options: TrainOptions,
    group: Group,
  ) {
    requireMetrics(config, options.validate !== undefined);
    this.#module = module;
    this.#task = task;
    this.#config = config;
    this.#options = options;
    this.#group = group;
    this.#paths = pathsIn(options.out);
    this.#batches = new BatchStream(task, config, shareOf(task, group));
    const batchesPerEpoch = this.#batches.length(0);
    requireDivisible(task, batchesPerEpoch, group);
    const batchesPerStep = config.accumulate * this.#batches.share.size;
    this.#length = new TrainingLength(config, batchesPerEpoch, batchesPerStep);
    this.#trained = trainedParameters(module, config);
    this.#exchange = new GradientExchange(group, this.#trained);
    this.#optimizer = createOptimizer(config.optimizer, this.#trained);
    this.#average = config.ema && new WeightAverage(config.ema, module, this.#trained);
    if (group.rank === 0) this.#recorder = new Recorder(this.#paths, config, options.onEvent);
  }

  async run(): Promise<TrainingResult> {
    await this.#open();
    let state = await this.#agree();
    while (state.finished === null) {
      if (this.#validationIsDue()) await this.#validate();
      else if (!this.#isComplete()) await this.#step();
      if (this.#isComplete() && !this.#validationIsDue()) state.finished ??= "complete";
      state = await this.#agree(this.#saveIsDue());
    }
    return {
      stopped: state.finished,
      step: state.step,
      epoch: state.epoch,
      seconds: state.seconds,
      ...(this.#metrics && { metrics: this.#metrics }),
      ...(state.best && { best: state.best }),
      paths: this.#paths,
    };
  }

  async dispose(): Promise<void> {
    await this.#batches.close();
    this.#optimizer.dispose();
    this.#average?.dispose();
  }

  async #open(): Promise<void> {
    const { out, resume } = this.#options;
    const { latest, best, log } = this.#paths;
    await requireFreeFolder(out, resume);
    if (this.#recorder) for (const path of [latest, best, log]) await removeUnfinished(path);
    const checkpointed = await this.#checkpointed();
    if (existsSync(latest)) {
      this.#state = await readCheckpoint(latest, checkpointed, this.#config);
      this.#saved.step = this.#state.step;
      // The limits may be higher than before.
      if (this.#state.finished === "complete" && !this.#isComplete()) this.#state.finished = null;
    }
    if (this.#group.size > 1) {
      const start = [fingerprint(this.#module), this.#state.step, this.#batches.length(0)];
      await requireSame(this.#group, "weights or data", start);
    }
    await this.#recorder?.open(this.#state, this.#length.totalSteps(this.#state), this.#trained);
  }

  /**
   * Lets all processes go on from the state of the first, which alone validates, decides when to save, and has the clock;
   * or stop together, if one is to stop.
   */
  async #agree(saves = false): Promise<TrainingState> {
    // A step blocks the event loop: let signals, timers and reads run.
    await setImmediate();
    const stops = this.#validationWasInterrupted || this.#options.signal?.aborted === true;
    const all = await this.#group.gather({ state: this.#recorder && this.#state, saves, stops });
    this.#state = all[0]?.state ?? this.#state;
    if (all[0]?.saves) await this.#save();
    if (this.#state.finished === null && all.some((each) => each.stops)) await this.#interrupt();
    return this.#state;
  }

  async #step(): Promise<void> {
    const state = this.#state;
    const { accumulate, optimizer, schedule } = this.#config;
    const { rank, size: processes } = this.#batches.share;
    const { epoch, batch } = state;
    const size = Math.min(accumulate * processes, this.#batches.length(epoch) - batch);
    // A batch whose rows are divided has a part in every process.
    const parts = (size * this.#group.size) / processes;
    const accumulator = new GradientAccumulator(this.#trained, parts > 1);
    try {
      for (let i = rank; i < size; i += processes) {
        await this.#addGradients(accumulator, batch + i, i + processes >= size);
      }
      await accumulator.gather(this.#group, this.#exchange);
      const step = state.step + 1;
      const { gradients, ...measured } = accumulator.finish(this.#config, step);
      const totalSteps = this.#length.totalSteps(this.#state);
      const factor = scheduleFactor(schedule, state.step, totalSteps);
      const learningRate = optimizer.learningRate * state.plateau.scale * factor;
      this.#optimizer.apply(gradients, learningRate, step);
      tf.dispose([...gradients.values()]);
      this.#average?.update(step);
      Object.assign(state, { step, ...this.#batches.after({ epoch, batch }, size) });
      this.#recorder?.step(state, { ...measured, epoch: epoch + 1, learningRate, totalSteps });
    } finally {
      accumulator.dispose();
    }
  }

  async #addGradients(accumulator: GradientAccumulator, index: number, isLast: boolean) {
    const position = { epoch: this.#state.epoch, batch: index };
    let batch = await this.#batches.take(position);
    if (this.#task.prepare !== undefined) {
      batch = await this.#task.prepare(batch, this.#batches.random(streams.prepare, position));
    }
    try {
      const random = this.#batches.random(streams.loss, position);
      accumulator.add(() => this.#task.loss(batch, random), isLast ? this.#exchange : undefined);
    } finally {
      this.#task.release(batch);
    }
  }

  #validationIsDue(): boolean {
    return (
      this.#options.validate !== undefined &&
      validationIsDue(this.#config, this.#state, this.#isComplete())
    );
  }

  async #validate(): Promise<void> {
    const state = this.#state;
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    const run = async () => {
      recorder.validationStart(state);
      let examples: readonly ValidationExample[] = [];
      const show = (some: readonly ValidationExample[]) => {
        examples = some.slice(0, shownExamples);
      };
      const metrics = (await this.#options.validate?.(show)) ?? {};
      const isBest = noteValidation(state, this.#config, metrics);
      if (isBest) {
        const metadata = { step: `${state.step}`, metrics: JSON.stringify(metrics) };
        await saveWeights(this.#module, this.#paths.best, { metadata });
      }
      recorder.validation(state, { metrics, examples, isBest });
      this.#metrics = metrics;
    };
    try {
      await (this.#average === undefined ? run() : this.#average.during(run));
    } catch (thrown) {
      if (!isInterruption(thrown)) throw thrown;
      // It is repeated on resume.
      this.#validationWasInterrupted = true;
    }
  }

  #isComplete(): boolean {
    return this.#length.isComplete(this.#state);
  }

  #saveIsDue(): boolean {
    const { step, validatedStep, finished } = this.#state;
    const { steps, seconds } = this.#config.checkpointEvery;
    if (finished !== null || validatedStep === step) return true;
    if (step === this.#saved.step) return false;
    return (
      (steps !== undefined && step % steps === 0) ||
      (seconds !== undefined && performance.now() - this.#saved.at > seconds * 1000)
    );
  }

  async #save(): Promise<void> {
    const checkpointed = await this.#checkpointed();
    if (this.#recorder === undefined) return;
    await writeCheckpoint(this.#paths.latest, checkpointed, this.#state, this.#config);
    this.#saved = { step: this.#state.step, at: performance.now() };
    this.#recorder.checkpoint(this.#state);
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    const { step } = this.#state;
    throw new AttendError(
      "INTERRUPTED",
      `training stopped after step ${step} of ${this.#length.totalSteps(this.#state)}; run it again with resume to continue from ${this.#paths.latest}`,
    );
  }

  async #checkpointed() {
    const carried = await carriedByAll(this.#task, this.#group);
    const averages = this.#average?.slots() ?? [];
    const slots = new Map([...this.#optimizer.slots(), ...averages, ...carried]);
    return { module: this.#module, slots };
  }
}

/** Whether an error was thrown because a signal was aborted. */
export function isInterruption(thrown: unknown): boolean {
  return AttendError.isInstance(thrown) && thrown.code === "INTERRUPTED";
}
