import type { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { SequenceTask } from "./task.ts";

/** Sequences of the adding problem (Hochreiter & Schmidhuber 1997). */
export interface AddingSequences {
  /** `[count, steps, 2]`: a number in [0, 1), and 1 if it is marked. */
  readonly input: Float32Array;
  /** `[count]`: the sum of the two marked numbers. */
  readonly sums: Float32Array;
}

/** Marks one number in the first half and one in the second; `steps` must be at least 2. */
export function addingSequences(steps: number, count: number, random: Random): AddingSequences {
  const input = new Float32Array(count * steps * 2);
  const sums = new Float32Array(count);
  const half = Math.floor(steps / 2);
  for (let i = 0; i < count; i++) {
    const marked = [random.integer(half), half + random.integer(steps - half)];
    for (let t = 0; t < steps; t++) {
      const at = (i * steps + t) * 2;
      const value = random.uniform();
      input[at] = value;
      if (!marked.includes(t)) continue;
      input[at + 1] = 1;
      sums[i] = (sums[i] ?? 0) + value;
    }
  }
  return { input, sums };
}

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, experiment 4; as in Arjovsky, Shah & Bengio 2016,
 * section 4.2): among many numbers two are marked, and the network must output their sum at the end. The loss
 * is the mean squared error; always answering 1 gives the variance of a sum, 1/6.
 */
export const addingTask: SequenceTask = {
  name: "adding",
  inputSize: 2,
  outputSize: 1,
  steps: (length) => length,
  baseline: () => 1 / 6,
  sample(steps, count, random) {
    const sequences = addingSequences(steps, count, random);
    const input = tf.tensor3d(sequences.input, [count, steps, 2]);
    const sums = tf.tensor2d(sequences.sums, [count, 1]);
    const loss = (hidden: tf.Tensor3D, readout: Linear): tf.Scalar => {
      const last = tf.slice(hidden, [0, steps - 1, 0], [-1, 1, -1]);
      const output = readout.forward(tf.squeeze<tf.Tensor2D>(last, [1])); // [count, 1]
      return tf.mean(tf.squaredDifference(output, sums));
    };
    return { input, loss, recallLoss: loss, dispose: () => tf.dispose([input, sums]) };
  },
};
