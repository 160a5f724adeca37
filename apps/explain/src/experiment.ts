import { createRandom, yieldTurn } from "@attend/runtime";
import { ensureWritableDirectory } from "@attend/runtime/files";
import {
  batchSize,
  type CellName,
  type GradientOptions,
  type GradientOptionsInput,
  type NetworkKind,
  networkKinds,
  parseGradientOptions,
  startScales,
  type TaskName,
} from "./config.ts";
import { gradientThroughTime } from "./measure.ts";
import { createNetwork, type SequenceNetwork } from "./network.ts";
import { addingTask, copyTask, type SequenceTask } from "./tasks/index.ts";
import { type Curves, trainNetwork } from "./training.ts";

interface Setting {
  readonly task: TaskName;
  readonly length: number;
}

/** An untrained vanilla network. */
export interface Start extends Setting {
  /** Scale of its orthogonal recurrent kernel. */
  readonly scale: number;
  /** `|dL/dh_t|` for each step, from the first. */
  readonly norms: readonly number[];
}

/** A network's training, and its gradient through time before and after. */
export interface Measured extends Setting, Curves {
  readonly network: string;
  readonly clipNorm: number | null;
  /** `|dL/dh_t|` for each step, from the first. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The loss of the best answer without memory. */
  readonly baseline: number;
}

/** All measurements. */
export interface GradientStudy {
  readonly options: GradientOptions;
  readonly starts: readonly Start[];
  readonly trainings: readonly Measured[];
}

/** The options of a study. */
export interface StudyOptions extends GradientOptionsInput {
  /** A folder for temporary files, which are removed. */
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  /** Reports the sequence steps processed, their total, and the loss. */
  readonly onProgress?: ((done: number, total: number, loss: number) => void) | undefined;
}

const sequenceTasks: Readonly<Record<TaskName, SequenceTask>> = {
  adding: addingTask,
  copy: copyTask,
};

/**
 * Trains a vanilla network, an LSTM and a GRU on the tasks, with and without clipping, and measures the
 * gradient through time. The engine must be loaded. Networks are not kept.
 *
 * @throws AttendError BAD_ARGUMENT, WRITE_FAILED, INTERRUPTED
 */
export async function studyGradients(options: StudyOptions): Promise<GradientStudy> {
  const { out, signal, onProgress, ...rest } = options;
  const parsed = parseGradientOptions(rest);
  await ensureWritableDirectory(out);
  const settings = parsed.tasks.flatMap((name) =>
    parsed.lengths.map((length) => ({ task: sequenceTasks[name], length })),
  );
  const trainings = settings.flatMap((setting) =>
    networkKinds.flatMap((kind) =>
      [undefined, parsed.clipNorm].map((clipNorm) => ({ ...setting, kind, clipNorm })),
    ),
  );
  const costOf = ({ task, length }: Pick<(typeof trainings)[number], "task" | "length">) =>
    task.steps(length) * parsed.steps;
  const total = trainings.reduce((sum, training) => sum + costOf(training), 0);
  const starts: Start[] = [];
  for (const { task, length } of settings) {
    for (const scale of startScales) {
      await yieldTurn(signal);
      starts.push(measureStart(task, length, scale, parsed));
    }
  }
  const measured: Measured[] = [];
  let done = 0;
  for (const training of trainings) {
    const { task, length } = training;
    let updates = 0;
    const onUpdate = (loss: number) => {
      updates++;
      onProgress?.(done + updates * task.steps(length), total, loss);
    };
    measured.push(await measureTraining({ ...parsed, ...training, folder: out, signal, onUpdate }));
    done += costOf(training);
  }
  return { options: parsed, starts, trainings: measured };
}

function measureStart(
  task: SequenceTask,
  length: number,
  scale: number,
  { units, seed }: GradientOptions,
): Start {
  const network = createFor(task, "rnn", { units, seed, scale });
  const norms = measure(network, task, length, seed);
  network.dispose();
  return { task: task.name, length, scale, norms };
}

interface Training extends Omit<GradientOptions, "clipNorm"> {
  readonly task: SequenceTask;
  readonly length: number;
  readonly kind: NetworkKind;
  readonly clipNorm: number | undefined;
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
  readonly onUpdate: (loss: number) => void;
}

async function measureTraining(training: Training): Promise<Measured> {
  const { task, length, kind, units, seed, gates, clipNorm } = training;
  const remember = gates === "chrono" ? task.steps(length) : undefined;
  const network = createFor(task, kind.cell, { units, seed, remember, scale: kind.scale });
  try {
    const before = measure(network, task, length, seed);
    const curves = await trainNetwork(network, training);
    const after = measure(network, task, length, seed);
    return {
      task: task.name,
      length,
      network: kind.name,
      clipNorm: clipNorm ?? null,
      ...curves,
      before,
      after,
      baseline: task.baseline(length),
    };
  } finally {
    network.dispose();
  }
}

function createFor(
  { inputSize, outputSize }: SequenceTask,
  cell: CellName,
  options: {
    units: number;
    seed: number;
    remember?: number | undefined;
    scale: number | undefined;
  },
): SequenceNetwork {
  const { units, seed, remember, scale } = options;
  const sizes = { cell, inputSize, outputSize, units };
  const start = { ...(remember && { remember }), ...(scale && { scale }) };
  return createNetwork({ ...sizes, ...start }, createRandom(seed));
}

/** Measures on sequences that are not used for training. */
function measure(network: SequenceNetwork, task: SequenceTask, length: number, seed: number) {
  const batch = task.sample(length, batchSize, createRandom(seed).fork());
  const norms = gradientThroughTime(network, batch);
  batch.dispose();
  return norms;
}
