import { beforeAll, describe, expect, it } from "vitest";
import { createRandom, loadEngine, lstmSequence, lstmStep, tf } from "../../src/index.ts";
import { distance, expectToAgree, filled } from "./support/agree.ts";
import { type Case, type CellName, fast, inputsOf, plain } from "./support/cells.ts";

beforeAll(async () => {
  await loadEngine();
});

const cells: CellName[] = ["lstm", "peephole", "gru", "paper's gru", "tanh", "relu"];
const shapes: Omit<Case, "cell">[] = [
  { batch: 3, steps: 5, inputSize: 4, units: 6 },
  { batch: 1, steps: 4, inputSize: 3, units: 1 },
  { batch: 1, steps: 3, inputSize: 5, units: 150 },
  { batch: 2, steps: 1, inputSize: 4, units: 5 },
  { batch: 2, steps: 1, inputSize: 4, units: 5, lengths: [1, 0] },
  { batch: 23, steps: 3, inputSize: 8, units: 17 },
  { batch: 13, steps: 4, inputSize: 2, units: 64 },
  { batch: 7, steps: 3, inputSize: 6, units: 33 }, // an input kernel that is not aligned
  { batch: 4, steps: 6, inputSize: 3, units: 20, lengths: [6, 3, 1, 0] },
  { batch: 9, steps: 5, inputSize: 3, units: 20, lengths: [2, 1, 1, 2, 5, 3, 4, 0, 5] },
];

describe.each(cells)("%s equals the composed loop, forward and backward", (cell) => {
  it.each(shapes)("%j", (shape) => {
    const each = { ...shape, cell };
    for (const parts of [true, false]) {
      tf.tidy(() => expectToAgree(fast(each, parts), plain(each), inputsOf(each)));
    }
  });
});

describe.each(cells)("%s", (cell) => {
  const each: Case = { cell, batch: 5, steps: 9, inputSize: 4, units: 19 };

  // A difference across ReLU's kink is not a gradient.
  it.skipIf(cell === "relu")("has the gradients of central differences", () => {
    const small: Case = { cell, batch: 2, steps: 3, inputSize: 3, units: 4, lengths: [3, 2] };
    const inputs = inputsOf(small);
    const weighting = filled([2, 3, 4], 1);
    const loss = (...x: tf.Tensor[]) =>
      tf.tidy(() => {
        const [output, h] = fast(small, true)(...x) as [tf.Tensor, tf.Tensor];
        return tf.add(tf.sum(tf.mul(output, weighting)), tf.sum(tf.square(h)));
      });
    const gradients = tf.grads(loss)(inputs);
    const random = createRandom(3);
    inputs.forEach((input, which) => {
      const index = random.integer(input.size);
      const at = (shift: number) => {
        const values = Float32Array.from(input.dataSync());
        values[index] = (values[index] as number) + shift;
        const shifted = inputs.map((t, i) => (i === which ? tf.tensor(values, t.shape) : t));
        return loss(...shifted).dataSync()[0] as number;
      };
      const numeric = (at(1e-2) - at(-1e-2)) / 2e-2;
      expect(gradients[which]?.dataSync()[index]).toBeCloseTo(numeric, 2);
    });
  });

  it("in chunks equals the full sequence", () => {
    const [x, h, bias, ofInput, ofState, ...others] = inputsOf(each) as [tf.Tensor, ...tf.Tensor[]];
    const run = (input: tf.Tensor, states: tf.Tensor[]) => {
      const [first, c] = states;
      const own = [c ?? others[0], others[1]].filter((tensor) => tensor !== undefined);
      const weights = [bias, ofInput, ofState] as tf.Tensor[];
      return fast(each, true)(input, first as tf.Tensor, ...weights, ...own) as [
        tf.Tensor,
        ...tf.Tensor[],
      ];
    };
    const [whole, ...last] = run(x, [h as tf.Tensor]);
    const [first, rest] = tf.split(x, [4, 5], 1) as [tf.Tensor, tf.Tensor];
    const [before, ...states] = run(first, [h as tf.Tensor]);
    const [after, ...end] = run(rest, states);
    expect(distance(tf.concat([before, after], 1), whole)).toBeLessThan(1e-6);
    end.forEach((state, i) => {
      expect(distance(state, last[i] as tf.Tensor)).toBeLessThan(1e-6);
    });
  });

  it("ignores steps past a length", () => {
    const lengths = [9, 2, 5, 1, 0];
    const [x, ...others] = inputsOf(each) as [tf.Tensor, ...tf.Tensor[]];
    const steps = tf.expandDims(tf.range(0, 9, 1, "int32"), 0);
    const seen = tf.less(steps, tf.expandDims(tf.tensor1d(lengths, "int32"), 1));
    const hidden = tf.where(tf.expandDims(seen, 2), x, tf.fill(x.shape, 1000));
    const run = fast({ ...each, lengths }, true);
    const clean = run(x, ...others);
    const same = run(hidden, ...others);
    clean.forEach((value, i) => {
      expect(distance(value, same[i] as tf.Tensor)).toBe(0);
    });
    const [output, h] = clean as [tf.Tensor, tf.Tensor];
    const padding = tf.where(tf.expandDims(seen, 2), tf.zerosLike(output), output);
    expect(tf.max(tf.abs(padding)).dataSync()[0]).toBe(0);
    expect(distance(tf.slice(h, 4, 1), tf.slice(others[0] as tf.Tensor, 4, 1))).toBe(0);
  });

  it("leaks no tensor", () => {
    const inputs = inputsOf(each);
    const run = fast({ ...each, lengths: [9, 2, 5, 1, 3] }, false);
    const gradients = tf.grads((...x: tf.Tensor[]) => tf.sum(run(...x)[0] as tf.Tensor));
    tf.dispose(gradients(inputs));
    const before = tf.memory().numTensors;
    tf.dispose(gradients(inputs));
    tf.tidy(() => void run(...inputs));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("lstmStep", () => {
  it.each(["lstm", "peephole"] as const)("%s equals a sequence of one step", (cell) => {
    const each: Case = { cell, batch: 3, steps: 1, inputSize: 4, units: 6 };
    const step = (...inputs: tf.Tensor[]) => {
      const [x, h, bias, ofInput, ofState, c, peephole] = inputs as [
        tf.Tensor,
        tf.Tensor2D,
        tf.Tensor1D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D?,
      ];
      const weights = { kernel: tf.concat2d([ofInput, ofState], 0), bias, peephole };
      const next = lstmStep(tf.squeeze(x, [1]), { h, c }, weights);
      return [tf.expandDims(next.h, 1), next.h, next.c];
    };
    tf.tidy(() => expectToAgree(step, plain(each), inputsOf(each)));
  });
});

describe("wrong shapes", () => {
  it("are errors, and the process continues", () => {
    const [x, h, bias, ofInput, ofState, c] = inputsOf({
      cell: "lstm",
      batch: 2,
      steps: 3,
      inputSize: 4,
      units: 5,
    }) as [tf.Tensor3D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const run = (change: { h?: tf.Tensor2D; bias?: tf.Tensor1D; kernel?: tf.Tensor2D }) => {
      const weights = {
        kernel: [ofInput, change.kernel ?? ofState] as const,
        bias: change.bias ?? bias,
      };
      return tf.tidy(() => lstmSequence(x, { h: change.h ?? h, c }, weights).output.shape);
    };
    expect(run({})).toEqual([2, 3, 5]);
    expect(() => run({ h: tf.zeros([2, 6]) })).toThrow();
    expect(() => run({ h: tf.zeros([1, 5]), bias: tf.zeros([3]) })).toThrow();
    expect(() => run({ bias: tf.zeros([7]) })).toThrow();
    expect(() => run({ kernel: tf.zeros([4, 20]) })).toThrow();
    expect(run({})).toEqual([2, 3, 5]);
  });
});
