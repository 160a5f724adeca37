import { crossEntropy, loadWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { createReader, readerConfigSchema, type StoryReader } from "@attend/story-readers";
import { parseTrainingConfig, train } from "@attend/training";
import type { ReaderKind, Recipe } from "./recipes.ts";
import type { Example, StorySet } from "./sets.ts";

/** What one training came to. */
interface Trained {
  /** Share of wrong answers, and mean cross-entropy, on the validation. */
  readonly validation: Scores;
  /** Share of wrong answers by the number of the task. */
  readonly errors: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly seconds: number;
}

/** A type rather than an interface, because the trainer wants metrics by name. */
type Scores = { readonly error: number; readonly loss: number };

interface Plan {
  readonly rows: readonly number[];
  readonly linear: boolean;
}

const validatedEvery = 2;

/**
 * Trains a reader from the initial weights of a seed, keeps the weights that are best on the validation, and tests them.
 *
 * @param options.out a training that was stopped there is continued
 * @throws AttendError INTERRUPTED, NOT_FINITE
 */
export async function trainReader(
  set: StorySet,
  kind: ReaderKind,
  recipe: Recipe,
  options: { readonly seed: number; readonly out: string; readonly signal: AbortSignal },
): Promise<Trained> {
  const { seed, out, signal } = options;
  const { epochs, batchSize, linearEpochs = 0, training } = recipe;
  const sizes = { vocabularySize: set.vocabularySize, answers: set.answers.length };
  const given = parseConfig(readerConfigSchema, { kind, ...sizes, ...recipe.config }, "recipe");
  const reader = createReader(given, createRandom(seed));
  const best = { metric: "error", mode: "min", tie: { metric: "loss", mode: "min" } } as const;
  const config = parseTrainingConfig(
    {
      ...{ seed, epochs, ...training, keepBest: best },
      ...{ validateEvery: { epochs: validatedEvery }, logEvery: 50, tensorboard: false },
    },
    "recipe",
  );
  const result = await train<Plan, Plan>(
    reader,
    {
      plan: (epoch, random) =>
        batches(set.train.length, batchSize, random.shuffle).map((rows) => {
          return { rows, linear: epoch < linearEpochs };
        }),
      load: async (plan) => plan,
      loss: (plan, random) => {
        const examples = plan.rows.flatMap((row) => set.train[row] ?? []);
        const { logits, cost } = reader.read(examples, { random, linear: plan.linear });
        const loss = tf.mean<tf.Scalar>(crossEntropy(logits, answersOf(examples)));
        return { loss: cost === undefined ? loss : tf.add(loss, cost), items: examples.length };
      },
      release: () => {},
    },
    config,
    {
      ...{ out, resume: true, signal },
      validate: async () => score(reader, set.validation, batchSize),
    },
  );
  await loadWeights(reader, result.paths.best);
  const errors = [...set.tests].map(([task, examples]) => {
    return [task, score(reader, examples, batchSize).error] as const;
  });
  const trial = {
    validation: score(reader, set.validation, batchSize),
    errors: Object.fromEntries(errors),
    parameters: reader.parameterCount(),
    seconds: result.seconds,
  };
  reader.dispose();
  return trial;
}

/** Errors and cross-entropy; an answer that was never seen in training is wrong, and has no part in the loss. */
function score(reader: StoryReader, examples: readonly Example[], batchSize: number): Scores {
  let [right, sum] = [0, 0];
  for (const rows of batches(examples.length, batchSize, (order) => order)) {
    const batch = rows.flatMap((row) => examples[row] ?? []);
    tf.tidy(() => {
      const { logits } = reader.read(batch);
      const found = tf.argMax(logits, 1).dataSync();
      right += batch.filter(({ answer }, row) => found[row] === answer).length;
      sum += tf.sum(crossEntropy(logits, answersOf(batch))).dataSync()[0] ?? Number.NaN;
    });
  }
  return { error: 1 - right / examples.length, loss: sum / examples.length };
}

function answersOf(examples: readonly Example[]): tf.Tensor1D {
  return tf.tensor1d(
    examples.map(({ answer }) => Math.max(0, answer)),
    "int32",
  );
}

function batches(count: number, size: number, arrange: (rows: number[]) => number[]): number[][] {
  const rows = arrange(Array.from({ length: count }, (_, i) => i));
  return Array.from({ length: Math.ceil(count / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}
