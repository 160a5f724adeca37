import { type Embedding, Linear, Module } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";

/**
 * Lets a decoder copy the names of objects that its encoder recognizes, also those that training captions seldom
 * or never name: a pointer over the names is mixed with the distribution over the vocabulary (See et al. 2017, eq. 9;
 * for captions Yao et al. 2017, 'Incorporating Copying Mechanism in Image Captioning').
 */
export class ObjectCopy extends Module {
  /** Compared with the names. `[embedding] -> [embedding]` */
  readonly query: Linear;
  /** Whether to copy. `[2 embedding + 1] -> [1]` */
  readonly gate: Linear;

  constructor(embeddingSize: number, random: Random | undefined) {
    super();
    this.query = new Linear(embeddingSize, embeddingSize, random);
    this.gate = new Linear(2 * embeddingSize + 1, 1, random);
  }

  /**
   * The copying part of a decoder; undefined without object words.
   *
   * @throws AttendError BAD_CONFIG if the vocabulary is smaller
   */
  static of(
    { objectWords, vocabularySize }: Readonly<Record<"objectWords" | "vocabularySize", number>>,
    embeddingSize: number,
    random: Random | undefined,
  ): ObjectCopy | undefined {
    if (objectWords > vocabularySize) {
      const message = `${objectWords} objectWords do not fit a vocabulary of ${vocabularySize}; lower objectWords`;
      throw new AttendError("BAD_CONFIG", message);
    }
    return objectWords > 0 ? new ObjectCopy(embeddingSize, random) : undefined;
  }

  /**
   * The output layer of a decoder whose last words can be copied.
   *
   * @param features `[rows, embedding + names]`, see {@link appendObjects}
   * @param embedding the table that input and output share
   * @param bias `[vocabulary]`
   * @returns log-probabilities `[rows, vocabulary]`
   */
  project(features: tf.Tensor2D, embedding: Embedding, bias: tf.Tensor1D): tf.Tensor2D {
    const [vocabulary, size] = embedding.table.shape;
    return tf.tidy(() => {
      const own = tf.slice(features, [0, 0], [-1, size]);
      const objects = tf.slice(features, [0, size]);
      const names = tf.slice(embedding.table, [vocabulary - objects.shape[1], 0]);
      return this.mix(own, embedding.logits(own, bias), names, objects);
    });
  }

  /**
   * Mixes the two distributions: P(w) = (1 - g) softmax(logits)(w) + g a(w), where the pointer `a` is the softmax of
   * the names' scores plus the logarithm of their probabilities. Call it inside `tf.tidy`.
   *
   * @param features `[rows, embedding]`
   * @param logits `[rows, vocabulary]`; the names are the last words of the vocabulary
   * @param names `[names, embedding]`
   * @param logProbabilities `[rows, names]`: of each name, for what the encoder saw; finite
   * @returns log-probabilities `[rows, vocabulary]`
   */
  mix(
    features: tf.Tensor2D,
    logits: tf.Tensor2D,
    names: tf.Tensor2D,
    logProbabilities: tf.Tensor2D,
  ): tf.Tensor2D {
    const [count, size] = names.shape;
    const query = tf.mul<tf.Tensor2D>(this.query.forward(features), size ** -0.5);
    const scores = tf.add<tf.Tensor2D>(tf.matMul(query, names, false, true), logProbabilities);
    const pointer: tf.Tensor2D = tf.softmax(scores);
    const context: tf.Tensor2D = tf.matMul(pointer, names);
    const evidence: tf.Tensor2D = tf.logSumExp(scores, 1, true);
    const seen: tf.Tensor2D = tf.concat([features, context, evidence], 1);
    const gate = this.gate.forward(seen);
    const written: tf.Tensor2D = tf.sub(tf.logSoftmax(logits), tf.softplus(gate));
    const copied: tf.Tensor2D = tf.sub(tf.logSoftmax(scores), tf.softplus(tf.neg(gate)));
    const others = written.shape[1] - count;
    const both = tf.slice(written, [0, others]);
    // log(e^x + e^y) = x + log(1 + e^(y - x))
    const mixed: tf.Tensor2D = tf.add(both, tf.softplus(tf.sub(copied, both)));
    return tf.concat([tf.slice(written, [0, 0], [-1, others]), mixed], 1);
  }
}

/**
 * Appends what each row's image shows to its features, for {@link ObjectCopy.project}.
 *
 * @param features `[rows, size]` or `[rows, steps, size]`
 * @param objects `[rows, names]`
 */
export function appendObjects<T extends tf.Tensor2D | tf.Tensor3D>(
  features: T,
  objects: tf.Tensor2D,
): T {
  const [rows, names] = objects.shape;
  const steps = features.shape.slice(1, -1);
  const one = tf.reshape(objects, [rows, ...steps.map(() => 1), names]);
  return tf.concat<tf.Tensor>([features, tf.tile(one, [1, ...steps, 1])], features.rank - 1) as T;
}
