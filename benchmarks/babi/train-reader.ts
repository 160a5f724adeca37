import { loadWeights } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import {
  createReader,
  readAll,
  readerConfigSchema,
  readerSizes,
  type StoryExample,
  type StoryScores,
  scoreStories,
  storyTask,
} from "@attend/story-readers";
import { parseTrainingConfig, train } from "@attend/training";
import type { ReaderKind, Recipe } from "./recipes.ts";
import type { StorySet } from "./sets.ts";

/** What one training came to. */
interface Trained {
  /** Share of wrong answers, and mean cross-entropy, on the validation. */
  readonly validation: StoryScores;
  /** Share of wrong answers by the number of the task. */
  readonly errors: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly seconds: number;
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
  const { epochs, batchSize, linearEpochs, training } = recipe;
  const sizes = readerSizes(kind, set.words, set.answers);
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
  const scoresOn = async (examples: readonly StoryExample[]) =>
    scoreStories(await readAll(reader, examples, { signal }), examples);
  const result = await train(
    reader,
    storyTask(reader, set.train, { batchSize, linearEpochs }),
    config,
    {
      ...{ out, resume: true, signal },
      validate: () => scoresOn(set.validation),
    },
  );
  await loadWeights(reader, result.paths.best);
  const errors: Record<string, number> = {};
  for (const [task, examples] of set.tests) errors[task] = (await scoresOn(examples)).error;
  const trial = {
    validation: await scoresOn(set.validation),
    errors,
    parameters: reader.parameterCount(),
    seconds: result.seconds,
  };
  reader.dispose();
  return trial;
}
