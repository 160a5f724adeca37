import { createRandom, tf } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { expect, test, vi } from "vitest";
import {
  type Cell,
  GruCell,
  type LayersState,
  LstmCell,
  Stack,
  sizesIn,
  unroll,
} from "../src/index.ts";
import { describeCell, sequence } from "./support/cell-suite.ts";
import { batch, shaken, size, steps } from "./support/cells.ts";

useEngine();

const gru = (inputSize = size) => new GruCell(inputSize, size, createRandom(2));
const lstm = () => new LstmCell(size, size, createRandom(3));

const residual = { connections: "residual" } as const;
const dense = { connections: "dense" } as const;
const ofCells = { weights: false };
describeCell("plain stack", () => new Stack([lstm(), gru()]), ofCells);
describeCell("residual stack", () => new Stack([lstm(), gru()], residual), ofCells);
describeCell("dense stack", () => new Stack([lstm(), gru(2 * size)], dense), ofCells);

test("its state is a list of its layers' states, and its parameters are named by layer", () => {
  const stack = new Stack([lstm(), gru()]);
  expect(stack.stateSizes).toEqual({ layers: [{ h: size, c: size }, { h: size }] });
  const paths = sizesIn(stack.stateSizes).map(({ path }) => path.join("."));
  expect(paths).toEqual(["layers.0.h", "layers.0.c", "layers.1.h"]);
  expect([...stack.namedParameters().keys()]).toEqual([
    "layers.0.kernel",
    "layers.0.bias",
    "layers.1.inputKernel",
    "layers.1.recurrentKernel",
    "layers.1.bias",
    "layers.1.candidateBias",
  ]);
});

test("each layer runs the entire sequence at once", () => {
  const layers = [lstm(), gru()];
  const sequences = layers.map((layer) => vi.spyOn(layer, "sequence"));
  const stepping = layers.map((layer) => vi.spyOn(layer, "step"));
  const stack = new Stack(layers);
  unroll(stack, sequence(batch, steps), stack.initialState(batch), { lengths: [4, 1, 2] });
  for (const spy of sequences) expect(spy).toHaveBeenCalledTimes(1);
  for (const spy of stepping) expect(spy).not.toHaveBeenCalled();
});

test("residual connections add from the second layer on, dense ones concatenate", () => {
  const run = (cell: Cell, input: tf.Tensor3D) =>
    unroll(cell, input, cell.initialState(batch)).output;
  const input = sequence(batch, steps);
  const [below, above] = [shaken(lstm()), shaken(gru())];
  const first = run(below, input);
  expectClose(run(new Stack([below, above], residual), input), tf.add(first, run(above, first)));

  const wide = shaken(gru(2 * size));
  const both: tf.Tensor3D = tf.concat([input, first], 2);
  const stack = new Stack([below, wide], dense);
  expect(stack.units).toBe(3 * size);
  expectClose(run(stack, input), tf.concat([both, run(wide, both)], 2));
});

test("rejects a state with other layers, in a step and in a sequence", () => {
  const stack = new Stack([lstm(), gru()]);
  const [below = {}] = stack.initialState(batch).layers;
  const run = (state: LayersState) => () => unroll(stack, sequence(batch, steps), state);
  expect(run({ layers: [below] })).toThrow("the state's layers.1.h is missing");
  const h: tf.Tensor2D = tf.zeros([1, size]);
  expect(run({ layers: [below, { h }] })).toThrow("the state's layers.1.h is [1, 2], expected");
  expect(() => stack.step(tf.zeros([batch, size]), { layers: [below] })).toThrow(
    "the state has 1 layers, none for layer 1",
  );
});

test.each([
  [() => new Stack([]), "no layers; give one or more"],
  [
    () => new Stack([lstm(), gru(5)]),
    `layer 1 takes 5 features; with plain connections it gets ${size}`,
  ],
  [
    () => new Stack([lstm(), gru()], dense),
    `layer 1 takes ${size} features; with dense connections it gets ${2 * size}`,
  ],
])("rejects layers whose sizes do not match: %#", (make, message) => {
  expect(make).toThrow(message);
});
