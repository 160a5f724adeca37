import { maskLogits } from "@attend/attention";
import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/**
 * Parallel co-attention (Lu et al. 2016, equations 3 to 5): each word and each region is weighed by how it fits
 * the other side as a whole.
 *
 *     C = tanh(Q W_b V^T)
 *     a_v = softmax(tanh(V W_v + C^T Q W_q) w_v)    v = a_v V
 *     a_q = softmax(tanh(Q W_q + C V W_v) w_q)      q = a_q Q
 */
export class ParallelCoAttention extends Module {
  readonly affinity: Linear;
  readonly ofQuestion: Linear;
  readonly ofImage: Linear;
  readonly questionScore: Linear;
  readonly imageScore: Linear;

  constructor(size: number, attentionSize: number, random: Random | undefined) {
    super();
    // Without biases, so that words of zeros change nothing.
    const linear = (inputs: number, outputs: number) =>
      new Linear(inputs, outputs, random, { bias: false });
    this.affinity = linear(size, size);
    this.ofQuestion = linear(size, attentionSize);
    this.ofImage = linear(size, attentionSize);
    this.questionScore = linear(attentionSize, 1);
    this.imageScore = linear(attentionSize, 1);
  }

  /**
   * @param words `[rows, steps, size]`, zero past each question's length
   * @param regions `[rows, positions, size]`
   * @param mask `[rows, steps]`, 1 up to each question's length
   * @returns `found` `[rows, size]`, the sum of the attended words and regions; `attention` over the regions,
   *   `[rows, 1, positions]`
   */
  forward(words: tf.Tensor3D, regions: tf.Tensor3D, mask: tf.Tensor2D) {
    const affinity = tf.tanh(tf.matMul(this.affinity.forward(words), regions, false, true));
    const [question, image] = [this.ofQuestion.forward(words), this.ofImage.forward(regions)];
    const ofRegions = tf.tanh(tf.add<tf.Tensor3D>(image, tf.matMul(affinity, question, true)));
    const ofWords = tf.tanh(tf.add<tf.Tensor3D>(question, tf.matMul(affinity, image)));
    const attention = tf.softmax(asRow(this.imageScore.forward(ofRegions)));
    const wordWeights = tf.softmax(maskLogits(asRow(this.questionScore.forward(ofWords)), mask));
    const found: tf.Tensor3D = tf.add(tf.matMul(wordWeights, words), tf.matMul(attention, regions));
    return { found: tf.squeeze<tf.Tensor2D>(found, [1]), attention };
  }
}

/** `[rows, positions, 1] -> [rows, 1, positions]` */
function asRow(scores: tf.Tensor3D): tf.Tensor3D {
  return tf.reshape(scores, [scores.shape[0], 1, scores.shape[1]]);
}
