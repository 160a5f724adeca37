import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  type Cell,
  CoupledLstmCell,
  createEncoder,
  createRecurrent,
  DropoutCell,
  LstmCell,
  stateFrom,
  type UnrollOptions,
  unroll,
  ZoneoutCell,
} from "../src/index.ts";
import { expectSameState, sequence, someState, tensorsIn } from "./support/cell-suite.ts";
import { batch, shaken, size } from "./support/cells.ts";

useEngine();

const steps = 7;
const lengths = [5, 7, 1];
const lstm = () => new LstmCell(size, size, createRandom(3));
const stack = () =>
  createRecurrent({ cell: "gru", inputSize: size, units: size, layers: 2 }, createRandom(1));

const cells: [string, () => Cell][] = [
  ["lstm", lstm],
  ["coupled lstm", () => new CoupledLstmCell(size, size, createRandom(1))],
  ["stack", stack],
];

/** The gradients of all inputs. */
function gradientsOf(cell: Cell, options: UnrollOptions & { seed?: number }): tf.Tensor[] {
  const initial = someState(cell, batch);
  return tf.grads((x, ...tensors) => {
    const state = stateFrom(cell.stateSizes, tensors as tf.Tensor2D[]);
    const random = options.seed === undefined ? undefined : createRandom(options.seed);
    const ran = unroll(cell, x as tf.Tensor3D, state, { ...options, random });
    const ofState = tensorsIn(ran.state).map((tensor) => tf.sum(tf.square(tensor)));
    return tf.addN([tf.sum(tf.sin(ran.output)), ...ofState]);
  })([sequence(batch, steps), ...tensorsIn(initial), ...cell.parameters()]);
}

function expectSameGradients(cell: Cell, options: UnrollOptions & { seed?: number }): void {
  const expected = gradientsOf(cell, options);
  gradientsOf(cell, { ...options, checkpoint: true }).forEach((gradient, i) => {
    expectClose(gradient, expected[i] ?? 0);
  });
}

describe.each(cells)("%s", (_, make) => {
  test.each([[undefined], [lengths]])("same result and gradients, lengths %s", (own) => {
    const cell = shaken(make());
    const [input, initial] = [sequence(batch, steps), someState(cell, batch)];
    const plain = unroll(cell, input, initial, { lengths: own });
    const segmented = unroll(cell, input, initial, { lengths: own, checkpoint: true });
    expectClose(segmented.output, plain.output);
    expectSameState(segmented.state, plain.state);
    expectSameGradients(cell, { lengths: own });
  });
});

test.each([
  ["dropout", () => new DropoutCell(lstm(), { input: 0.5, state: 0.5 })],
  ["zoneout", () => new ZoneoutCell(lstm(), { h: 0.3, c: 0.3 })],
  [
    "both",
    () => new DropoutCell(new ZoneoutCell(lstm(), { h: 0.3, c: 0.3 }), { input: 0.5, state: 0.5 }),
  ],
])("%s: segments rerun with the same masks", (_, make) => {
  const cell = shaken(make());
  expectSameGradients(cell, { seed: 1, lengths });
  const [one, other] = [1, 2].map((seed) => gradientsOf(cell, { seed, checkpoint: true })[0] ?? 0);
  expect(() => expectClose(one ?? 0, other ?? 0)).toThrow("not close");
});

test("a sequence of one step", () => {
  const [cell, input] = [shaken(stack()), sequence(batch, 1)];
  const run = (checkpoint: boolean) =>
    unroll(cell, input, cell.initialState(batch), { checkpoint }).output;
  expectClose(run(true), run(false));
});

test("stacked checkpointed layers in an encoder", () => {
  const config = { cell: "lstm", inputSize: size, units: size, layers: 2 } as const;
  const encoder = createEncoder({ ...config, bidirectional: "all" }, createRandom(1));
  const input = sequence(batch, steps);
  const gradients = (checkpoint: boolean) =>
    tf.variableGrads(() => {
      const { output } = encoder.forward(input, { lengths, checkpoint });
      return tf.sum(tf.sin(output)) as tf.Scalar;
    }).grads;
  const expected = gradients(false);
  for (const [name, gradient] of Object.entries(gradients(true))) {
    expectClose(gradient, expected[name] ?? 0);
  }
});

test("leaks no tensors", async () => {
  const [cell, input] = [stack(), sequence(batch, steps)];
  const initial = cell.initialState(batch);
  const run = () =>
    tf.sum(unroll(cell, input, initial, { lengths, checkpoint: true }).output) as tf.Scalar;
  tf.dispose(tf.variableGrads(run)); // the kernels' constants
  await expectNoLeak(() => tf.dispose(tf.variableGrads(run)));
});
