import type { Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { SequenceTask } from "./task.ts";

/** Sequences of the adding problem (Hochreiter & Schmidhuber 1997). */
export interface AddingSequences {
  /** `[count, steps, 2]`: a number in [0, 1), and whether it is marked. */
  readonly input: Float32Array;
  /** `[count]`: the sum of the two marked numbers. */
  readonly sums: Float32Array;
}

/** One of the marked numbers is in the first half, the other in the second; `steps` of at least 2. */
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
 * section 4.2): among many numbers two are marked, and at the end their sum is asked for. The loss is
 * the mean squared error; whoever always says 1 has the variance of a sum, 1/6.
 */
export const addingTask: SequenceTask = {
  name: "adding",
  inputSize: 2,
  outputSize: 1,
  steps: (length) => length,
  baseline: () => 1 / 6,
  draw(steps, count, random) {
    const drawn = addingSequences(steps, count, random);
    const input = tf.tensor3d(drawn.input, [count, steps, 2]);
    const sums = tf.tensor2d(drawn.sums, [count, 1]);
    const loss = (hidden: tf.Tensor3D, readout: Linear): tf.Scalar => {
      const last = tf.slice(hidden, [0, steps - 1, 0], [-1, 1, -1]);
      const said = readout.forward(tf.squeeze<tf.Tensor2D>(last, [1])); // [count, 1]
      return tf.mean(tf.squaredDifference(said, sums));
    };
    return { input, loss, recallLoss: loss, dispose: () => tf.dispose([input, sums]) };
  },
};
