import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

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
