import { crossEntropy, dropout, Embedding, LayerNorm, Linear, Module } from "@attend/nn";
import { createRandom, type Random, tf } from "@attend/runtime";
import {
  type TrainingConfig,
  type TrainingTask,
  type TrainOptions,
  train,
} from "../../src/index.ts";

const [vocabulary, length, size, classes] = [12, 5, 16, 4];

interface Example {
  readonly ids: readonly number[];
  readonly label: number;
}

/** Words and a class, the sum of their ids modulo 4, which can only be memorized. */
function examples(count: number): Example[] {
  const random = createRandom(5);
  return Array.from({ length: count }, () => {
    const ids = Array.from({ length }, () => random.integer(vocabulary));
    return { ids, label: ids.reduce((sum, id) => sum + id, 0) % classes };
  });
}

/** The words' vectors, and two layers with normalization and dropout between them. */
class Classifier extends Module {
  readonly embedding: Embedding;
  readonly hidden: Linear;
  readonly norm: LayerNorm;
  readonly output: Linear;

  constructor(seed = 1) {
    super();
    const random = createRandom(seed);
    this.embedding = new Embedding(vocabulary, size, random);
    this.hidden = new Linear(length * size, 2 * size, random);
    this.norm = new LayerNorm(2 * size);
    this.output = new Linear(2 * size, classes, random);
  }

  /** `[batch, length] -> [batch, classes]` */
  forward(ids: tf.Tensor2D, random?: Random): tf.Tensor2D {
    const words = tf.reshape(this.embedding.forward(ids), [-1, length * size]);
    const hidden = tf.relu(this.norm.forward(this.hidden.forward(words)));
    return tf.reshape(this.output.forward(dropout(hidden, 0.2, random)), [-1, classes]);
  }
}

interface ToyBatch {
  readonly ids: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
}

export interface Toy extends TrainingTask<readonly Example[], ToyBatch> {
  readonly module: Classifier;
  validate(): Promise<Record<string, number>>;
}

/** Trains the classifier, with its validation. */
export function fit(toy: Toy, config: TrainingConfig, options: TrainOptions) {
  return train(toy.module, toy, config, { validate: () => toy.validate(), ...options });
}

/** Trains a classifier on shuffled batches; the last of an epoch may be smaller. */
export function createToy(
  options: { count?: number; batchSize?: number; withDropout?: boolean } = {},
): Toy {
  const { count = 50, batchSize = 8, withDropout = true } = options;
  const data = examples(count);
  const module = new Classifier();
  return {
    module,
    plan(_epoch, random) {
      const order = random.shuffle([...data]);
      return Array.from({ length: Math.ceil(count / batchSize) }, (_, i) =>
        order.slice(i * batchSize, (i + 1) * batchSize),
      );
    },
    load: async (plan) => toBatch(plan),
    loss({ ids, labels }, random) {
      const logits = module.forward(ids, withDropout ? random : undefined);
      const loss = tf.mean<tf.Scalar>(crossEntropy(logits, labels));
      return { loss, items: ids.shape[0], metrics: { accuracy: accuracy(logits, labels) } };
    },
    release: ({ ids, labels }) => tf.dispose([ids, labels]),
    async validate() {
      const { ids, labels } = toBatch(data);
      return tf.tidy(() => {
        const logits = module.forward(ids);
        const loss = tf.mean(crossEntropy(logits, labels)).dataSync()[0] ?? Number.NaN;
        const correct = accuracy(logits, labels).dataSync()[0] ?? Number.NaN;
        tf.dispose([ids, labels]);
        return { loss, accuracy: correct };
      });
    },
  };
}

function toBatch(plan: readonly Example[]): ToyBatch {
  return {
    ids: tf.tensor2d(
      plan.map(({ ids }) => [...ids]),
      [plan.length, length],
      "int32",
    ),
    labels: tf.tensor1d(
      plan.map(({ label }) => label),
      "int32",
    ),
  };
}

function accuracy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.mean<tf.Scalar>(tf.cast(tf.equal(tf.argMax(logits, 1), labels), "float32"));
}
