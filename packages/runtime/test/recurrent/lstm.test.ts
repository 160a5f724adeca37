import { beforeAll, expect, test } from "vitest";
import { createRandom, loadEngine, lstmSequence, lstmStep, tf } from "../../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

const [batch, steps, inputSize, units] = [3, 5, 4, 6];

function operands() {
  const random = createRandom(7);
  const filled = <R extends tf.Rank>(shape: tf.ShapeMap[R], scale = 0.5) =>
    tf.tensor<R>(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal() * scale),
      shape,
    );
  return {
    x: filled<tf.Rank.R3>([batch, steps, inputSize]),
    h: filled<tf.Rank.R2>([batch, units]),
    c: filled<tf.Rank.R2>([batch, units]),
    kernel: filled<tf.Rank.R2>([inputSize + units, 4 * units]),
    bias: filled<tf.Rank.R1>([4 * units]),
  };
}

/** The equations of the paper, in plain numbers with this module's gate order. */
function reference(o: ReturnType<typeof operands>): number[][][] {
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  const [x, kernel] = [o.x.arraySync(), o.kernel.arraySync()];
  const [h, c, bias] = [o.h.arraySync(), o.c.arraySync(), o.bias.arraySync()];
  return x.map((sequence, b) =>
    sequence.map((input) => {
      const joined = [...input, ...(h[b] as number[])];
      const gates = bias.map((value, column) =>
        joined.reduce(
          (sum, v, rowIndex) => sum + v * (kernel[rowIndex]?.[column] as number),
          value,
        ),
      );
      const gate = (index: number, unit: number) => gates[index * units + unit] as number;
      for (let u = 0; u < units; u++) {
        const cell =
          sigmoid(gate(2, u)) * (c[b]?.[u] as number) + sigmoid(gate(0, u)) * Math.tanh(gate(1, u));
        (c[b] as number[])[u] = cell;
        (h[b] as number[])[u] = sigmoid(gate(3, u)) * Math.tanh(cell);
      }
      return [...(h[b] as number[])];
    }),
  );
}

test("a sequence follows the LSTM's equations", () => {
  const o = operands();
  const { output, state } = lstmSequence(o.x, o, o);
  const expected = reference(o);
  const worst = tf.max(tf.abs(tf.sub(output, tf.tensor3d(expected)))).arraySync() as number;
  expect(worst).toBeLessThan(1e-5);
  const lastOutput = tf.slice(output, [0, steps - 1, 0], [-1, 1, -1]).dataSync();
  expect(state.h.dataSync()).toEqual(lastOutput);
});

test("one step at a time equals the full sequence", () => {
  const o = operands();
  const { output, state } = lstmSequence(o.x, o, o);
  let stepped = { h: o.h, c: o.c };
  for (let t = 0; t < steps; t++) {
    stepped = lstmStep(tf.squeeze(tf.slice(o.x, [0, t, 0], [-1, 1, -1]), [1]), stepped, o);
    const expected = tf.squeeze(tf.slice(output, [0, t, 0], [-1, 1, -1]), [1]);
    expect(tf.max(tf.abs(tf.sub(stepped.h, expected))).arraySync()).toBeLessThan(1e-6);
  }
  expect(tf.max(tf.abs(tf.sub(stepped.c, state.c))).arraySync()).toBeLessThan(1e-6);
});
