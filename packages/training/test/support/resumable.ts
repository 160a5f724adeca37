import { parseTrainingConfig } from "../../src/index.ts";

/** A training with every kind of state that resuming has to restore. */
export const resumable = parseTrainingConfig(
  {
    seed: 7,
    epochs: 12,
    optimizer: { name: "adamw", learningRate: 5e-3, weightDecay: 0.05 },
    schedule: { name: "cosine", warmupSteps: 5, minLearningRateRatio: 0.1 },
    clipNorm: 1,
    accumulate: 3,
    ema: { decay: 0.9, every: 2 },
    validateEvery: { steps: 7 },
    keepBest: { metric: "accuracy", mode: "max", tie: { metric: "loss", mode: "min" } },
    checkpointEvery: { steps: 2 },
  },
  "test",
);
