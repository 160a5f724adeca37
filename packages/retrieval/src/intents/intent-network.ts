import { buffer, dropout, Linear, Module, type Parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { IntentsConfig } from "./intents-config.ts";

/** Of the inputs and the hidden layer, in training. */
const dropoutRate = 0.3;

/** What tells how likely the best intent is right. */
export const intentFeatures = ["log probability", "cosine", "refusal", "bias"] as const;

/** The network of a classifier: sentence vectors through one hidden layer, and what its confidence is computed from. */
export class IntentNetwork extends Module {
  readonly hidden: Linear;
  readonly output: Linear;
  /** The mean vector of each intent's examples, of length 1: `[intents, dimension]`. */
  readonly centroids: Parameter<tf.Rank.R2>;
  /** Of each intent, the fraction of examples that refuse something: `[intents]`. */
  readonly refusals: Parameter<tf.Rank.R1>;
  /** Weights of `intentFeatures`. */
  readonly calibration: Parameter<tf.Rank.R1>;

  constructor(config: IntentsConfig, intents: number, random?: Random) {
    super();
    const { dimension, hiddenSize } = config;
    this.hidden = new Linear(dimension, hiddenSize, random);
    this.output = new Linear(hiddenSize, intents, random);
    this.centroids = buffer(tf.zeros<tf.Rank.R2>([intents, dimension]));
    this.refusals = buffer(tf.zeros<tf.Rank.R1>([intents]));
    this.calibration = buffer(tf.zeros<tf.Rank.R1>([intentFeatures.length]));
  }

  /**
   * `[rows, dimension] -> [rows, intents]`; call it inside `tf.tidy`.
   *
   * @param random for dropout; absent outside of training
   */
  logits(vectors: tf.Tensor2D, random?: Random): tf.Tensor2D {
    // Elements of about 1, as layers expect them.
    const inputs = tf.mul<tf.Tensor2D>(vectors, Math.sqrt(vectors.shape[1]));
    const hidden = tf.relu(this.hidden.forward(dropout(inputs, dropoutRate, random)));
    return this.output.forward(dropout(hidden, dropoutRate, random));
  }
}

/** A network without weights, which are to be loaded; an engine must be loaded. */
export function createIntentNetwork(
  config: IntentsConfig,
  intents: readonly string[],
): IntentNetwork {
  return new IntentNetwork(config, intents.length);
}
