import { createRandom, tf } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { LstmCell, unroll } from "../src/index.ts";

useEngine();

const makeCell = () => new LstmCell(4, 2, createRandom(1));
const input = () => tf.zeros<tf.Rank.R3>([3, 6, 4]);

describe("lengths", () => {
  test.each([
    [[6, 6], "2 lengths for a batch of 3"],
    [[], "0 lengths for a batch of 3"],
    [[6, 6, 6, 6], "4 lengths for a batch of 3"],
    [[1, 0, 2], "length 0 of sequence 1; lengths are whole numbers from 1 to 6 (the steps)"],
    [[1, 2, 7], "length 7 of sequence 2; lengths are whole numbers from 1 to 6 (the steps)"],
    [[1.5, 2, 3], "length 1.5 of sequence 0; lengths are whole numbers from 1 to 6 (the steps)"],
  ])("rejects %s", (lengths, message) => {
    const cell = makeCell();
    expect(() => unroll(cell, input(), cell.initialState(3), { lengths })).toThrow(message);
  });
});

test("gradients flow through consecutive pieces, and stop at a detached state", () => {
  tf.tidy(() => {
    const cell = new LstmCell(4, 2, createRandom(1));
    const sequence = tf.sin<tf.Tensor3D>(tf.reshape(tf.range(0, 72), [3, 6, 4]));
    const [first, second] = tf.split(sequence, 2, 1) as [tf.Tensor3D, tf.Tensor3D];
    const kept = unroll(cell, first, cell.initialState(3)).state;
    const gradientOf = (last: () => tf.Tensor) => {
      const loss = () => tf.sum(tf.square(last())) as tf.Scalar;
      return tf.variableGrads(loss, [cell.kernel]).grads[cell.kernel.name] ?? tf.scalar(0);
    };
    const both = gradientOf(() => {
      const { state } = unroll(cell, first, cell.initialState(3));
      return unroll(cell, second, state).output;
    });
    const atOnce = gradientOf(() => {
      const { output } = unroll(cell, sequence, cell.initialState(3));
      return tf.slice(output, [0, 3, 0]);
    });
    const truncated = gradientOf(() => unroll(cell, second, kept).output);
    expectClose(both, atOnce);
    expect(tf.max(tf.abs(tf.sub(truncated, both))).dataSync()[0]).toBeGreaterThan(1e-3);
  });
});

test.each([
  [
    [2, 3, 5],
    "the input is [batch 2, steps 3, features 5], expected [batch, steps (1 or more), features 4]",
  ],
  [[2, 0, 4], "the input is [batch 2, steps 0, features 4], expected"],
  [[2, 4], "the input is [2, 4], expected [batch, steps (1 or more), features 4]"],
  [[2, 3, 4, 1], "the input is [2, 3, 4, 1], expected [batch"],
])("rejects an input %s", (shape, message) => {
  const invalid: tf.Tensor = tf.zeros(shape);
  const cell = makeCell();
  expect(() => unroll(cell, invalid as tf.Tensor3D, cell.initialState(2))).toThrow(message);
});

test.each([
  [[2, 2], [3, 2], "the state's h is [2, 2], expected [batch 3, units 2]"],
  [[3, 2], [3, 1], "the state's c is [3, 1], expected [batch 3, units 2]"],
] as const)("rejects a state with h %s and c %s", (h, c, message) => {
  const state = { h: tf.zeros<tf.Rank.R2>([...h]), c: tf.zeros<tf.Rank.R2>([...c]) };
  expect(() => unroll(makeCell(), input(), state)).toThrow(message);
});
