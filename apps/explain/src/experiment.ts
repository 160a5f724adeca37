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

interface Place {
  readonly task: TaskName;
  readonly length: number;
}

/** An untrained vanilla network. */
export interface Start extends Place {
  /** What its orthogonal recurrent kernel was multiplied with. */
  readonly scale: number;
  /** `|dL/dh_t|`, that of the first step first. */
  readonly norms: readonly number[];
}

/** A training, and the gradient through time before and after it. */
export interface Measured extends Place, Curves {
  readonly network: string;
  readonly clipNorm: number | null;
  /** `|dL/dh_t|`, that of the first step first. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The loss of whoever remembers nothing. */
  readonly baseline: number;
}

/** Everything that was measured. */
export interface GradientStudy {
  readonly options: GradientOptions;
  readonly starts: readonly Start[];
  readonly trainings: readonly Measured[];
}

/** What is studied, and where. */
export interface StudyOptions extends GradientOptionsInput {
  /** A folder; what trainings need meanwhile is written into it, and removed. */
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  /** Steps of sequences that were read, of how many. */
  readonly onProgress?: ((done: number, total: number, loss: number) => void) | undefined;
}

const sequenceTasks: Readonly<Record<TaskName, SequenceTask>> = {
  adding: addingTask,
  copy: copyTask,
};

/**
 * Trains vanilla network, LSTM and GRU on the tasks, with and without clipping, and measures how the
 * gradient comes back through time. The engine must be loaded. Nothing is kept.
 *
 * @throws AttendError BAD_ARGUMENT, WRITE_FAILED, INTERRUPTED
 */
export async function studyGradients(options: StudyOptions): Promise<GradientStudy> {
  const { out, signal, onProgress, ...given } = options;
  const parsed = parseGradientOptions(given);
  await ensureWritableDirectory(out);
  const places = parsed.tasks.flatMap((name) =>
    parsed.lengths.map((length) => ({ task: sequenceTasks[name], length })),
  );
  const trainings = places.flatMap((place) =>
    networkKinds.flatMap((kind) =>
      [undefined, parsed.clipNorm].map((clipNorm) => ({ ...place, kind, clipNorm })),
    ),
  );
  const costOf = ({ task, length }: Pick<(typeof trainings)[number], "task" | "length">) =>
    task.steps(length) * parsed.steps;
  const total = trainings.reduce((sum, training) => sum + costOf(training), 0);
  const starts: Start[] = [];
  for (const { task, length } of places) {
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

/** On sequences that no training sees. */
function measure(network: SequenceNetwork, task: SequenceTask, length: number, seed: number) {
  const batch = task.draw(length, batchSize, createRandom(seed).fork());
  const norms = gradientThroughTime(network, batch);
  batch.dispose();
  return norms;
}
