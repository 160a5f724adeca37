import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { GradientMonitor, GruCell, LstmCell, ResidualCell, RnnCell, unroll } from "../src/index.ts";
import { describeCell, sequence } from "./support/cell-suite.ts";
import { batch, shaken, size } from "./support/cells.ts";

useEngine();

const steps = 6;
const lossOf = (output: tf.Tensor) => tf.sum(tf.sin(output)) as tf.Scalar;

describeCell(
  "a watched cell",
  () => new GradientMonitor().watch(new GruCell(size, size, createRandom(1))),
  {
    weights: false,
  },
);

test("records the norm of the loss's gradient with respect to each state", () => {
  const [cell, input, monitor] = [
    shaken(new LstmCell(size, size, createRandom(1))),
    sequence(batch, steps),
    new GradientMonitor(),
  ];
  const watched = monitor.watch(cell);
  const initial = cell.initialState(batch);
  tf.variableGrads(() => lossOf(unroll(watched, input, initial).output));
  expect(monitor.norms).toHaveLength(steps);
  for (let t = 0; t < steps - 1; t++) {
    const { state } = unroll(cell, tf.slice(input, [0, 0, 0], [-1, t + 1, -1]), initial);
    const rest: tf.Tensor3D = tf.slice(input, [0, t + 1, 0]);
    const byState = tf.grad((h) => {
      const { output } = unroll(cell, rest, { ...state, h: h as tf.Tensor2D });
      return tf.add(lossOf(h), lossOf(output));
    })(state.h);
    expectClose(tf.norm(byState), monitor.norms[t] ?? 0);
  }
});

test("the gradient of a vanilla network vanishes by a constant factor per step", () => {
  const cell = new RnnCell(size, size, createRandom(1));
  const monitor = new GradientMonitor();
  tf.tidy(() => cell.recurrentKernel.assign(tf.mul(tf.eye(size), 0.5)));
  const watched = monitor.watch(cell);
  // States stay at 0, where the derivative of tanh is 1.
  const input = tf.zeros<tf.Rank.R3>([1, steps, size]);
  tf.variableGrads(() => {
    const { state } = unroll(watched, input, cell.initialState(1));
    return tf.sum(state.h) as tf.Scalar;
  });
  expectClose(
    [...monitor.norms],
    Array.from({ length: steps }, (_, t) => Math.SQRT2 * 0.5 ** (steps - 1 - t)),
  );
});

test("norms do not overflow or underflow when squares in float32 would", () => {
  const monitor = new GradientMonitor();
  const cell = monitor.watch(new RnnCell(size, size, createRandom(1)));
  const input = tf.zeros<tf.Rank.R3>([1, 1, size]);
  for (const scale of [1e-30, 1e30]) {
    tf.variableGrads(() => {
      const { state } = unroll(cell, input, cell.initialState(1));
      return tf.mul(tf.sum(state.h), scale) as tf.Scalar;
    });
    expectClose((monitor.norms[0] ?? 0) / scale, Math.sqrt(size));
  }
});

test("each sequence replaces the recorded norms, even inside a wrapper", () => {
  const monitor = new GradientMonitor();
  const cell = new ResidualCell(monitor.watch(new GruCell(size, size, createRandom(1))));
  for (const length of [5, 3]) {
    const input = sequence(batch, length);
    tf.variableGrads(() => lossOf(unroll(cell, input, cell.initialState(batch)).output));
    expect(monitor.norms).toHaveLength(length);
    expect(Math.min(...monitor.norms)).toBeGreaterThan(0);
  }
  monitor.clear();
  expect(monitor.norms).toEqual([]);
});

test("states past the length, and states that do not affect the loss, have no gradient", () => {
  const monitor = new GradientMonitor();
  const cell = monitor.watch(new GruCell(size, size, createRandom(1)));
  const input = sequence(1, 4);
  tf.variableGrads(() => {
    const { output } = unroll(cell, input, cell.initialState(1), { lengths: [3] });
    return lossOf(tf.slice(output, [0, 0, 0], [-1, 2, -1]));
  });
  expect(monitor.norms.map((norm) => norm > 0)).toEqual([true, true, false, false]);
});

test("leaks no tensors", async () => {
  const cell = new GradientMonitor().watch(new GruCell(size, size, createRandom(1)));
  const [input, initial] = [sequence(batch, steps), cell.initialState(batch)];
  const run = () => tf.dispose(tf.variableGrads(() => lossOf(unroll(cell, input, initial).output)));
  run(); // the kernels' constants
  await expectNoLeak(run);
});
