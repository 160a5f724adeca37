import { padTokens } from "@attend/datasets";
import { softCrossEntropy } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import { tokenMeans } from "../src/token-means.ts";
import type { WordVectors } from "../src/word-vectors.ts";
import { groupsOfNeighbors } from "./neighbors.ts";
import { matrixOf } from "./principal.ts";

/** A sentence to learn. */
export interface Example {
  readonly tokens: readonly number[];
  /** Its vector by the teacher. */
  readonly vector: Float32Array;
  /** That vector in the student's space. */
  readonly target: Float32Array;
}

interface Batch {
  readonly tokens: tf.Tensor2D;
  readonly lengths: readonly number[];
  readonly vectors: tf.Tensor2D;
  readonly targets: tf.Tensor2D;
}

/** Groups of like sentences in a batch, and the most sentences of one. */
const groupsPerBatch = 8;
const groupSize = 64;
/** Low, so that the nearest sentences matter. */
const temperature = 0.05;
/** How much more being where the teacher is counts than seeing the neighbors that it sees. */
const directionWeight = 5;

/** Trains word vectors on the sentences of a teacher. */
export function distillation(
  network: WordVectors,
  examples: readonly Example[],
): TrainingTask<readonly number[], Batch> {
  return {
    plan(_epoch, random) {
      const vectors = examples.map(({ vector }) => vector);
      const groups = random.shuffle(groupsOfNeighbors(vectors, groupSize, random));
      return Array.from({ length: Math.ceil(groups.length / groupsPerBatch) }, (_, i) =>
        groups.slice(i * groupsPerBatch, (i + 1) * groupsPerBatch).flat(),
      );
    },
    load: async (plan) => batchOf(plan.flatMap((index) => examples[index] ?? [])),
    loss: (batch) => ({ loss: lossOf(network, batch), items: batch.lengths.length }),
    release: releaseBatch,
  };
}

/** The loss of examples as one batch. */
export function measure(network: WordVectors, examples: readonly Example[]): number {
  const batch = batchOf(examples);
  const loss = tf.tidy(() => lossOf(network, batch));
  const [value = Number.NaN] = loss.dataSync();
  loss.dispose();
  releaseBatch(batch);
  return value;
}

/**
 * Which sentences of a batch the teacher finds alike (Passalis & Tefas 2018, 'Learning deep representations with
 * probabilistic knowledge transfer'), and where it puts each.
 */
function lossOf(network: WordVectors, { tokens, lengths, vectors, targets }: Batch): tf.Scalar {
  const means = tokenMeans(network.encode({ tokens, lengths }), lengths);
  const found: tf.Tensor2D = tf.div(means, tf.norm(means, 2, 1, true));
  const ranking = softCrossEntropy(likeness(found), tf.softmax(likeness(vectors)));
  const direction = tf.sub(1, tf.sum(tf.mul(found, targets), 1));
  return tf.mean(tf.add(ranking, tf.mul(direction, directionWeight)));
}

function releaseBatch({ tokens, vectors, targets }: Batch): void {
  tf.dispose([tokens, vectors, targets]);
}

function batchOf(examples: readonly Example[]): Batch {
  const { ids, lengths, steps } = padTokens(
    examples.map(({ tokens }) => tokens),
    { padId: 0 },
  );
  return {
    tokens: tf.tensor2d(ids, [lengths.length, steps], "int32"),
    lengths,
    vectors: matrixOf(examples.map(({ vector }) => vector)),
    targets: matrixOf(examples.map(({ target }) => target)),
  };
}

/** Each vector's cosine with every other one as logits; none with itself. `[rows, rows]` */
function likeness(vectors: tf.Tensor2D): tf.Tensor2D {
  const products = tf.matMul(vectors, vectors, false, true);
  return tf.sub(tf.div(products, temperature), tf.mul(tf.eye(vectors.shape[0]), 1e9));
}
