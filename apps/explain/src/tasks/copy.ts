import { crossEntropy, type Linear } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { SequenceTask } from "./task.ts";

/** The number of symbols, 0 to 7. */
export const symbols = 8;
/** How many symbols have to be recalled. */
export const recalled = 5;
const blank = symbols;
const signal = symbols + 1;

/** Sequences of copy memory; each number is a symbol, a blank or the signal. */
export interface CopySequences {
  /** `[count, steps]` */
  readonly input: Int32Array;
  /** `[count, steps]` */
  readonly targets: Int32Array;
}

/**
 * Symbols, blanks, a signal `delay` steps after the last symbol, blanks. The target is blank up to the signal,
 * and then the symbols. There are `delay + 2 * recalled` steps.
 */
export function copySequences(delay: number, count: number, random: Random): CopySequences {
  const steps = delay + 2 * recalled;
  const input = new Int32Array(count * steps).fill(blank);
  const targets = new Int32Array(count * steps).fill(blank);
  for (let i = 0; i < count; i++) {
    const start = i * steps;
    for (let k = 0; k < recalled; k++) {
      const symbol = random.integer(symbols);
      input[start + k] = symbol;
      targets[start + steps - recalled + k] = symbol;
    }
    input[start + recalled + delay - 1] = signal;
  }
  return { input, targets };
}

/**
 * Copy memory (Hochreiter & Schmidhuber 1997; as in Arjovsky, Shah & Bengio 2016, with five
 * symbols instead of ten, so that it takes minutes). The loss is the cross-entropy of each step; knowing when
 * to answer, but not what, gives `recalled * ln(symbols) / steps`.
 */
export const copyTask: SequenceTask = {
  name: "copy",
  inputSize: symbols + 2,
  outputSize: symbols + 1,
  steps: (delay) => delay + 2 * recalled,
  baseline: (delay) => (recalled * Math.log(symbols)) / (delay + 2 * recalled),
  sample(delay, count, random) {
    const steps = delay + 2 * recalled;
    const sequences = copySequences(delay, count, random);
    const input = tf.tidy(() => {
      const ids = tf.tensor2d(sequences.input, [count, steps], "int32");
      return tf.oneHot(ids, symbols + 2, 1, 0, "float32") as tf.Tensor3D;
    });
    const targets = tf.tensor2d(sequences.targets, [count, steps], "int32");
    /** The mean over the steps starting at `from`. */
    const lossFrom = (hidden: tf.Tensor3D, readout: Linear, from: number): tf.Scalar => {
      const rows = count * (steps - from);
      const states = tf.slice(hidden, [0, from, 0]);
      const logits = tf.reshape<tf.Rank.R2>(readout.forward(states), [rows, symbols + 1]);
      const expected = tf.reshape<tf.Rank.R1>(tf.slice(targets, [0, from]), [rows]);
      return tf.mean(crossEntropy(logits, expected));
    };
    return {
      input,
      loss: (hidden, readout) => lossFrom(hidden, readout, 0),
      recallLoss: (hidden, readout) => lossFrom(hidden, readout, steps - recalled),
      dispose: () => tf.dispose([input, targets]),
    };
  },
};
