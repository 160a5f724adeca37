import { beforeAll, describe, expect, it } from "vitest";
import { gruSequence, hasFusedKernels, loadEngine, tf, vanillaSequence } from "../../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

/** Both signs, from 1e-8 to `largest`, with the same number of each magnitude. */
function inputs(largest: number): Float32Array {
  const sizes = Array.from({ length: 2000 }, (_, i) => largest * 10 ** (-i / 250));
  return Float32Array.from([0, ...sizes, ...sizes.map((x) => -x)]);
}

function worstError(
  actual: Float32Array,
  expected: (x: number) => number,
  at: Float32Array,
): number {
  return at.reduce((worst, x, i) => {
    const wanted = expected(x);
    const error = Math.abs((actual[i] ?? Number.NaN) - wanted);
    return Math.max(worst, wanted === 0 ? error : error / Math.abs(wanted));
  }, 0);
}

/** One step for each input. */
const rows = (values: Float32Array) => tf.tensor3d(values, [values.length, 1, 1]);

describe("the fused kernels' activations have a relative error below 1e-6", () => {
  it("tanh", ({ skip }) => {
    skip(!hasFusedKernels());
    const x = inputs(30);
    const kernel = [tf.ones<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R2>([1, 1])] as const;
    const h = tf.zeros<tf.Rank.R2>([x.length, 1]);
    const { output } = vanillaSequence(rows(x), h, { kernel, bias: tf.zeros([1]) });
    expect(worstError(output.dataSync<"float32">(), Math.tanh, x)).toBeLessThan(1e-6);
  });

  it("sigmoid, and e^x, which it approaches far below 0", ({ skip }) => {
    skip(!hasFusedKernels());
    const x = inputs(86);
    // With h = 1 and a candidate of 0, a GRU returns its update gate.
    const kernel = [tf.tensor2d([[0, 1, 0]]), tf.zeros<tf.Rank.R2>([1, 3])] as const;
    const weights = {
      kernel,
      bias: tf.zeros<tf.Rank.R1>([3]),
      candidateBias: tf.zeros<tf.Rank.R1>([1]),
    };
    const { output } = gruSequence(rows(x), tf.ones([x.length, 1]), weights);
    const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
    expect(worstError(output.dataSync<"float32">(), sigmoid, x)).toBeLessThan(1e-6);
  });

  it("including NaN and infinity", ({ skip }) => {
    skip(!hasFusedKernels());
    const x = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30);
    const kernel = [tf.ones<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R2>([1, 1])] as const;
    const h = tf.zeros<tf.Rank.R2>([4, 1]);
    const run = (activation: "tanh" | "relu") => {
      const options = { activation };
      return [
        ...vanillaSequence(rows(x), h, { kernel, bias: tf.zeros([1]) }, options).output.dataSync(),
      ];
    };
    expect(run("tanh")).toEqual([Number.NaN, 1, -1, 1]);
    expect(run("relu")).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, Math.fround(1e30)]);
  });
});
