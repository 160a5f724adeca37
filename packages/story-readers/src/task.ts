import { crossEntropy } from "@attend/nn";
import { tf, yieldTurn } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { StoryReader } from "./reader.ts";
import type { EncodedStory } from "./stories.ts";

/** A question with its answer as a class; -1 for an answer that is none of the classes. */
export interface StoryExample extends EncodedStory {
  readonly answer: number;
}

/** A batch of {@link storyTask}. */
export interface StoryBatch {
  readonly rows: readonly number[];
  /** See {@link StoryReader.read}. */
  readonly linear: boolean;
}

/**
 * The mean cross-entropy of the answers, and what the reader's steps cost.
 *
 * @param options.linearEpochs at the start of the training, in which a memory network has no softmax; default 0
 */
export function storyTask(
  reader: StoryReader,
  examples: readonly StoryExample[],
  options: { readonly batchSize: number; readonly linearEpochs?: number | undefined },
): TrainingTask<StoryBatch, StoryBatch> {
  const { batchSize, linearEpochs = 0 } = options;
  return {
    plan: (epoch, random) => {
      const rows = random.shuffle([...examples.keys()]);
      return cut(rows, batchSize).map((batch) => ({ rows: batch, linear: epoch < linearEpochs }));
    },
    load: async (plan) => plan,
    loss: ({ rows, linear }, random) => {
      const batch = rows.flatMap((row) => examples[row] ?? []);
      const { logits, cost } = reader.read(batch, { random, linear });
      const loss = tf.mean<tf.Scalar>(crossEntropy(logits, answersOf(batch)));
      return { loss: cost === undefined ? loss : tf.add(loss, cost), items: batch.length };
    },
    release: () => {},
  };
}

/** Questions that are read at a time when they are measured. */
const measuredRows = 32;

/**
 * The logits of every question, `[examples][answers]`.
 *
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function readAll(
  reader: StoryReader,
  stories: readonly EncodedStory[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (const batch of cut(stories, measuredRows)) {
    await yieldTurn(options.signal);
    const [values, answers] = tf.tidy(() => {
      const { logits } = reader.read(batch);
      return [logits.dataSync<"float32">(), logits.shape[1]];
    });
    for (const row of batch.keys()) all.push(values.slice(row * answers, (row + 1) * answers));
  }
  return all;
}

/** How well a reader answers. A type rather than an interface, because the trainer wants metrics by name. */
export type StoryScores = {
  /** The share of wrong answers. */
  readonly error: number;
  /** The mean cross-entropy, in nats; an answer that is no class has no part in it. */
  readonly loss: number;
};

/** Scores the {@link readAll logits} of questions; an answer that is no class is wrong. */
export function scoreStories(
  logits: readonly Float32Array[],
  examples: readonly StoryExample[],
): StoryScores {
  let [right, loss] = [0, 0];
  for (const [row, { answer }] of examples.entries()) {
    const scores = logits[row] ?? new Float32Array();
    const highest = Math.max(...scores);
    if (scores.indexOf(highest) === answer) right++;
    if (answer < 0) continue;
    const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
    loss += Math.log(total) + highest - (scores[answer] ?? 0);
  }
  return { error: 1 - right / examples.length, loss: loss / examples.length };
}

function answersOf(examples: readonly StoryExample[]): tf.Tensor1D {
  return tf.tensor1d(
    examples.map(({ answer }) => Math.max(0, answer)),
    "int32",
  );
}

function cut<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
