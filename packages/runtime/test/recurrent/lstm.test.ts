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
    weighting: filled<tf.Rank.R3>([batch, steps, units]),
  };
}

/** The equations as they stand in the paper, in plain numbers of this module's gate order. */
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

test("one step at a time equals the whole sequence", () => {
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

test("gradients agree with central differences in every argument", () => {
  const o = operands();
  const loss = (x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => {
    const { output, state } = lstmSequence(
      x as tf.Tensor3D,
      { h: h as tf.Tensor2D, c: c as tf.Tensor2D },
      { kernel: kernel as tf.Tensor2D, bias: bias as tf.Tensor1D },
    );
    const weighted = tf.sum(tf.mul(output, o.weighting));
    return tf.add(weighted, tf.sum(tf.square(state.c))) as tf.Scalar;
  };
  const inputs = [o.x, o.h, o.c, o.kernel, o.bias];
  const gradients = tf.grads(loss as (...x: tf.Tensor[]) => tf.Scalar)(inputs);
  const random = createRandom(3);
  inputs.forEach((input, which) => {
    for (let probe = 0; probe < 6; probe++) {
      const index = random.integer(input.size);
      const at = (shift: number) => {
        const values = Float32Array.from(input.dataSync());
        values[index] = (values[index] as number) + shift;
        const shifted = inputs.map((t, i) => (i === which ? tf.tensor(values, t.shape) : t));
        return (loss as (...x: tf.Tensor[]) => tf.Scalar)(...shifted).arraySync();
      };
      const numeric = (at(1e-2) - at(-1e-2)) / 2e-2;
      expect(gradients[which]?.dataSync()[index]).toBeCloseTo(numeric, 2);
    }
  });
});

test("one step's gradients equal those of a sequence cut into its steps", () => {
  const o = operands();
  const steppedLoss = (
    x: tf.Tensor,
    h: tf.Tensor,
    c: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor,
  ) => {
    let state = { h: h as tf.Tensor2D, c: c as tf.Tensor2D };
    const weights = { kernel: kernel as tf.Tensor2D, bias: bias as tf.Tensor1D };
    const outputs = tf.unstack(x, 1).map((input) => {
      state = lstmStep(input as tf.Tensor2D, state, weights);
      return state.h;
    });
    return tf.add(tf.sum(tf.mul(tf.stack(outputs, 1), o.weighting)), tf.sum(tf.square(state.c)));
  };
  const fusedLoss = (
    x: tf.Tensor,
    h: tf.Tensor,
    c: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor,
  ) => {
    const { output, state } = lstmSequence(
      x as tf.Tensor3D,
      { h: h as tf.Tensor2D, c: c as tf.Tensor2D },
      { kernel: kernel as tf.Tensor2D, bias: bias as tf.Tensor1D },
    );
    return tf.add(tf.sum(tf.mul(output, o.weighting)), tf.sum(tf.square(state.c)));
  };
  const inputs = [o.x, o.h, o.c, o.kernel, o.bias];
  const expected = tf.grads(fusedLoss as (...x: tf.Tensor[]) => tf.Tensor)(inputs);
  tf.grads(steppedLoss as (...x: tf.Tensor[]) => tf.Tensor)(inputs).forEach((gradient, i) => {
    const worst = tf.max(tf.abs(tf.sub(gradient, expected[i] as tf.Tensor)));
    expect(worst.dataSync()[0]).toBeLessThan(1e-5);
  });
});

test("leaves no tensor behind, forwards and backwards", () => {
  const o = operands();
  const loss = (x: tf.Tensor) => tf.sum(lstmSequence(x as tf.Tensor3D, o, o).output) as tf.Scalar;
  tf.dispose(tf.grad(loss)(o.x));
  const before = tf.memory().numTensors;
  tf.dispose(tf.grad(loss)(o.x));
  tf.tidy(() => void loss(o.x));
  expect(tf.memory().numTensors).toBe(before);
});
