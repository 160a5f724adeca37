import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  Cell,
  DropoutCell,
  HighwayCell,
  LstmCell,
  ResidualCell,
  Stack,
  unroll,
  ZoneoutCell,
} from "../src/index.ts";
import { describeCell, sequence } from "./support/cell-suite.ts";
import { batch, shaken, size, steps } from "./support/cells.ts";

useEngine();

const lstm = () => new LstmCell(size, size, createRandom(3));

const ofCell = { weights: false };
describeCell("dropout", () => new DropoutCell(lstm(), { input: 0.5, state: 0.5 }), ofCell);
describeCell("zoneout", () => new ZoneoutCell(lstm(), { h: 0.1, c: 0.5 }), ofCell);
describeCell("residual", () => new ResidualCell(lstm()), ofCell);
describeCell("highway", () => new HighwayCell(lstm(), createRandom(4)));

const wide = 500;

/** Outputs the concatenation of its input and h; h becomes 1. */
class EchoCell extends Cell<{ readonly h: tf.Tensor2D }> {
  readonly inputSize = wide;
  readonly units = 2 * wide;
  readonly stateSizes = { h: wide };

  step(input: tf.Tensor2D, { h }: { readonly h: tf.Tensor2D }) {
    return { output: tf.concat2d([input, h], 1), state: { h: tf.onesLike(h) } };
  }
}

/** Adds 1 to h at each step. */
class CountingCell extends Cell<{ readonly h: tf.Tensor2D }> {
  readonly inputSize = 1;
  readonly units = wide;
  readonly stateSizes = { h: wide };

  step(_: tf.Tensor2D, { h }: { readonly h: tf.Tensor2D }) {
    const next: tf.Tensor2D = tf.add(h, 1);
    return { output: next, state: { h: next } };
  }
}

describe("dropout", () => {
  const rates = { input: 0.4, state: 0.2 };
  const masks = (seed?: number) => {
    const ones = { h: tf.ones<tf.Rank.R2>([2, wide]) };
    const random = seed === undefined ? undefined : createRandom(seed);
    const cell = new DropoutCell(new EchoCell(), rates);
    return unroll(cell, tf.ones([2, 3, wide]), ones, { random }).output;
  };

  test("samples one mask per sequence for the inputs and one for the states", () => {
    const [first, second, third] = tf.unstack(masks(1), 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    expectClose(second, first, 0);
    expectClose(third, first, 0);
    const [inputMask, stateMask] = tf.split(first, 2, 1) as [tf.Tensor, tf.Tensor];
    for (const [mask, rate] of [
      [inputMask, 0.4],
      [stateMask, 0.2],
    ] as const) {
      const values = [...mask.dataSync()];
      const kept = values.filter((value) => value !== 0);
      expect(kept.length / values.length).toBeCloseTo(1 - rate, 1);
      for (const value of kept) expect(value).toBeCloseTo(1 / (1 - rate), 5);
      const [a, b] = tf.unstack(mask) as [tf.Tensor, tf.Tensor];
      expect([...a.dataSync()]).not.toEqual([...b.dataSync()]);
    }
  });

  test("is seeded by random, and disabled without it", () => {
    expectClose(masks(1), masks(1), 0);
    expect(() => expectClose(masks(1), masks(2))).toThrow("not close");
    expectClose(masks(), tf.ones([2, 3, 2 * wide]), 0);
  });
});

describe("zoneout", () => {
  const count = (seed?: number) => {
    const random = seed === undefined ? undefined : createRandom(seed);
    const cell = new ZoneoutCell(new CountingCell(), { h: 0.3 });
    return unroll(cell, tf.ones([1, 20, 1]), cell.initialState(1), { random }).output;
  };

  test("keeps each unit with the rate as probability, independently at each step", () => {
    const steps = tf.unstack(tf.squeeze(count(1), [0])).map((step) => step.dataSync());
    const changes = steps.slice(1).map((values, t) => {
      const growth = [...values].map((value, i) => value - (steps[t]?.[i] ?? 0));
      for (const value of growth) expect([0, 1]).toContain(value);
      return { kept: growth.filter((value) => value === 0).length / wide, growth: growth.join() };
    });
    for (const { kept } of changes) expect(Math.abs(kept - 0.3)).toBeLessThan(0.1);
    expect(new Set(changes.map(({ growth }) => growth)).size).toBe(changes.length);
  });

  test("is seeded by random, and the expectation without it", () => {
    expectClose(count(1), count(1), 0);
    expect(() => expectClose(count(1), count(2))).toThrow("not close");
    expectClose(tf.slice(count(), [0, 19], [1, 1]), tf.fill([1, 1, wide], 20 * 0.7), 1e-4);
  });
});

test("a residual connection adds the input, a highway connection has a gate", () => {
  const [inner, input] = [shaken(lstm()), sequence(batch, steps)];
  const { output } = unroll(inner, input, inner.initialState(batch));
  const residual = new ResidualCell(inner);
  const highway = new HighwayCell(inner, createRandom(4));
  const run = (cell: typeof residual | typeof highway) =>
    unroll(cell, input, inner.initialState(batch)).output;
  expectClose(run(residual), tf.add(input, output));
  const open = tf.sigmoid(tf.sub(tf.dot(tf.reshape(input, [-1, size]), highway.gate.kernel), 1));
  const gate = tf.reshape(open, input.shape);
  expectClose(run(highway), tf.add(tf.mul(gate, output), tf.mul(tf.sub(1, gate), input)));
});

test("rejects combining a cell's output with an input of another size", () => {
  expect(() => new ResidualCell(new LstmCell(3, 2, undefined))).toThrow(
    "the cell's input has 3 features and its output 2; to be combined, they must be equal",
  );
});

describe("nested wrappers", () => {
  const make = () =>
    new Stack([
      new DropoutCell(new HighwayCell(lstm(), createRandom(4)), { input: 0.5 }),
      new ResidualCell(new DropoutCell(lstm(), { state: 0.5 })),
      new DropoutCell(new ZoneoutCell(lstm(), { h: 0.2, c: 0.2 }), { input: 0.5 }),
    ]);

  test("are all sampled, and output zero past the lengths", () => {
    const [cell, input] = [make(), sequence(batch, steps)];
    const outputs = [0, 1, 2].map((layer) => {
      const single = new Stack([cell.layers[layer] as Cell]);
      return [undefined, createRandom(1)].map((random) => {
        const options = { lengths: [2, steps, 1], random };
        return unroll(single, input, single.initialState(batch), options).output;
      });
    });
    for (const [plain, dropped] of outputs as [tf.Tensor3D, tf.Tensor3D][]) {
      expect(() => expectClose(dropped, plain)).toThrow("not close");
      expectClose(tf.slice(dropped, [2, 1], [1, steps - 1]), tf.zeros([1, steps - 1, size]), 0);
    }
  });

  test("leak no tensors", async () => {
    const [cell, input] = [make(), sequence(batch, steps)];
    const initial = cell.initialState(batch);
    const run = () =>
      tf.sum(unroll(cell, input, initial, { random: createRandom(1) }).output) as tf.Scalar;
    tf.dispose(tf.variableGrads(run)); // the kernels' constants
    await expectNoLeak(() => tf.dispose(tf.variableGrads(run)));
  });
});
