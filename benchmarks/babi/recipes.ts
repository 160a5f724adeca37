import { type ReaderConfig, readerConfigSchema } from "@attend/story-readers";
import type { TrainingConfigInput } from "@attend/training";

export type ReaderKind = ReaderConfig["kind"];

/** How a reader is trained. */
export interface Recipe {
  /** What differs from the reader's default config. */
  readonly config?: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly batchSize: number;
  /** Trainings from different initial weights, of which the best on the validation is taken. */
  readonly trials: number;
  /** Epochs at the start without the softmax of a memory network. */
  readonly linearEpochs?: number;
  readonly training: Pick<TrainingConfigInput, "optimizer" | "schedule" | "clipNorm">;
}

const recurrent: Recipe = {
  epochs: 60,
  batchSize: 32,
  trials: 1,
  training: {
    optimizer: { name: "adam", learningRate: 2e-3 },
    schedule: { name: "cosine" },
    clipNorm: 5,
  },
};

/** By reader, in the order of the table. */
const recipes: Readonly<Record<ReaderKind, Recipe>> = {
  lstm: recurrent,
  "attention-lstm": recurrent,
  hierarchical: recurrent,
  "memory-network": {
    epochs: 100,
    batchSize: 32,
    trials: 10,
    linearEpochs: 20,
    training: {
      optimizer: { name: "sgd", learningRate: 0.3 },
      schedule: { name: "linear" },
      clipNorm: 1.25,
    },
  },
  "query-reduction": {
    epochs: 150,
    batchSize: 32,
    trials: 10,
    training: {
      optimizer: { name: "adam", learningRate: 5e-3, weightDecay: 1e-3 },
      schedule: { name: "cosine" },
      clipNorm: 5,
    },
  },
  "universal-transformer": {
    epochs: 100,
    batchSize: 32,
    trials: 3,
    training: {
      optimizer: { name: "adamw", learningRate: 1e-3, weightDecay: 0.01 },
      schedule: { name: "cosine", warmupSteps: 200 },
      clipNorm: 1,
    },
  },
};

export const readerKinds = readerConfigSchema.options.map(({ shape }) => shape.kind.value);

/** How training all tasks jointly differs: there are 20 times as many questions, and words. */
const joint: Readonly<Record<ReaderKind, Partial<Recipe>>> = {
  lstm: { epochs: 20, batchSize: 64, config: { embeddingSize: 100, units: 100 } },
  "attention-lstm": { epochs: 20, batchSize: 64, config: { embeddingSize: 100, units: 100 } },
  hierarchical: { epochs: 20, batchSize: 64, config: { embeddingSize: 100, units: 100 } },
  "memory-network": { epochs: 80, linearEpochs: 25, trials: 5, config: { size: 50 } },
  "query-reduction": { epochs: 60, batchSize: 64, trials: 2, config: { size: 100, layers: 3 } },
  "universal-transformer": { epochs: 60, batchSize: 64, trials: 1 },
};

/** The recipe of a reader, for single tasks or all of them; the numbers given are used instead of its own. */
export function recipeOf(
  kind: ReaderKind,
  given: { joint: boolean; epochs: number | undefined; trials: number | undefined },
): Recipe {
  const recipe = { ...recipes[kind], ...(given.joint && joint[kind]) };
  const { epochs = recipe.epochs, trials = recipe.trials } = given;
  const { linearEpochs } = recipe;
  // A shorter training starts linear for as large a part of it.
  const start = linearEpochs && Math.ceil((linearEpochs * epochs) / recipe.epochs);
  return { ...recipe, epochs, trials, ...(start !== undefined && { linearEpochs: start }) };
}
