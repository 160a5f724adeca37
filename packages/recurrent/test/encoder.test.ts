import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  Bidirectional,
  type Cell,
  type CellState,
  createEncoder,
  Encoder,
  type EncoderConfigInput,
  GruCell,
  LstmCell,
  type SequenceEncoder,
  TimeReduction,
  tensorAt,
  unroll,
} from "../src/index.ts";
import { sequence, tensorsIn } from "./support/cell-suite.ts";
import { batch, shaken, size, steps } from "./support/cells.ts";
import { expectPaddingChangesNothing } from "./support/padding.ts";

useEngine();

const lengths = [2, steps, 1];
const gru = (inputSize = size, seed = 1) => new GruCell(inputSize, size, createRandom(seed));
const run = <State extends CellState>(cell: Cell<State>, input: tf.Tensor3D) =>
  unroll(cell, input, cell.initialState(input.shape[0]));

function expectInertPadding(encoder: SequenceEncoder, stepsOf?: (length: number) => number): void {
  expectPaddingChangesNothing(encoder, (input, own) => {
    const { output, summary, state } = encoder.forward(input, { lengths: own });
    return { output, others: [summary, ...tensorsIn(state)], ...(stepsOf && { stepsOf }) };
  });
}

describe("bidirectional", () => {
  const merges = {
    concatenate: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], -1),
    sum: (a: tf.Tensor, b: tf.Tensor) => tf.add(a, b),
    average: (a: tf.Tensor, b: tf.Tensor) => tf.div(tf.add(a, b), 2),
  } as const;

  test.each(["concatenate", "sum", "average"] as const)(
    "%s: equals running each direction separately",
    (merge) => {
      const [ahead, back] = [shaken(gru()), shaken(gru(size, 2))];
      const layer = new Bidirectional(ahead, back, merge);
      const input = sequence(batch, steps);
      const { output, summary, state } = layer.forward(input, { lengths });
      lengths.forEach((length, row) => {
        const own: tf.Tensor3D = tf.slice(input, [row, 0, 0], [1, length, -1]);
        const [forwards, backwards] = [run(ahead, own), run(back, tf.reverse(own, 1))];
        const merged = merges[merge](forwards.output, tf.reverse(backwards.output, 1));
        expectClose(tf.slice(output, [row, 0, 0], [1, length, -1]), merged);
        expectClose(tf.slice(summary, row, 1), merges[merge](forwards.state.h, backwards.state.h));
        expectClose(tf.slice(tensorAt(state, ["backwards", "h"]), row, 1), backwards.state.h);
      });
    },
  );

  test("padding changes neither result nor gradient", () => {
    expectInertPadding(shaken(new Bidirectional(gru(), gru(size, 2))));
  });

  test("gradients agree with central differences", () => {
    const layer = new Bidirectional(gru(), gru(size, 2));
    const loss = (x: tf.Tensor) =>
      tf.sin(layer.forward(x as tf.Tensor3D, { lengths: [3, 1] }).output);
    checkGradient(loss, [sequence(2, 3)]);
  });

  test("rejects cells of different sizes", () => {
    expect(() => new Bidirectional(gru(), gru(3))).toThrow(
      `the forward cell maps ${size} to ${size} features, the backward cell 3 to ${size}; the sizes must be equal`,
    );
  });
});

describe("encoders", () => {
  const base = { inputSize: size, units: size, layers: 3 } as const;
  const configs: [string, EncoderConfigInput, ((length: number) => number)?][] = [
    ["deep", { ...base, cell: "gru", connections: "dense" }],
    ["bidirectional", { ...base, cell: "lstm", bidirectional: "all", connections: "residual" }],
    ["GNMT", { ...base, cell: "lstm", bidirectional: "first", connections: "residual" }],
    [
      "pyramid",
      { ...base, cell: "gru", bidirectional: "all", merge: "sum", timeReduction: 2 },
      (length) => Math.ceil(Math.ceil(length / 2) / 2),
    ],
  ];

  test.each(configs)("%s: padding changes neither result nor gradient", (_, config, stepsOf) => {
    expectInertPadding(shaken(createEncoder(config, createRandom(1))), stepsOf);
  });

  test.each(configs)("%s: leaks no tensors", async (_, config) => {
    const encoder = createEncoder(config, createRandom(1));
    const input = sequence(batch, steps);
    const loss = () => tf.sum(encoder.forward(input, { lengths }).summary) as tf.Scalar;
    tf.dispose(tf.variableGrads(loss)); // the kernels' constants
    await expectNoLeak(() => tf.dispose(tf.variableGrads(loss)));
  });

  test("GNMT: the lowest layer bidirectional, residual connections from the third layer on", () => {
    const config = { ...base, layers: 4, cell: "gru", bidirectional: "first" } as const;
    const encoder = createEncoder({ ...config, connections: "residual" }, createRandom(1));
    const [both, ...above] = encoder.layers;
    expect(both).toBeInstanceOf(Bidirectional);
    expect(above.map(({ inputSize }) => inputSize)).toEqual([2 * size, size, size]);
    const input = sequence(batch, steps);
    const layers = above.filter((layer) => layer instanceof GruCell);
    let expected = (both as Bidirectional).forward(input).output;
    for (const [i, layer] of layers.entries()) {
      const { output } = run(layer, expected);
      expected = i === 0 ? output : tf.add(expected, output);
    }
    expectClose(encoder.forward(input).output, expected);
    expectClose(
      encoder.forward(input).summary,
      tf.squeeze(tf.slice(expected, [0, steps - 1], [-1, 1]), [1]),
    );
  });

  test("the state is that of each layer, in each direction", () => {
    const config = { ...base, layers: 2, cell: "lstm", bidirectional: "first" } as const;
    const { state } = createEncoder(config, createRandom(1)).forward(sequence(batch, steps));
    const lstm = { h: expect.any(tf.Tensor), c: expect.any(tf.Tensor) };
    expect(state).toEqual({ layers: [{ forwards: lstm, backwards: lstm }, lstm] });
  });
});

describe("time reduction", () => {
  test("concatenates steps and pads the last group with zeros", () => {
    const input = tf.tensor3d([1, 2, 3, 4, 5, Number.NaN], [2, 3, 1]);
    const { output, lengths: reduced } = new TimeReduction(1, 2).forward(input, {
      lengths: [3, 2],
    });
    expectClose(output, [
      [
        [1, 2],
        [3, 0],
      ],
      [
        [4, 5],
        [0, 0],
      ],
    ]);
    expect(reduced).toEqual([2, 1]);
  });

  test("rejects dense connections", () => {
    expect(
      () =>
        new Encoder([new TimeReduction(1, 2), new LstmCell(3, 1, undefined)], {
          connections: "dense",
        }),
    ).toThrow("dense connections require layers with equal numbers of steps");
  });
});

test.each([
  [[2, 3], undefined, `the input is [2, 3], expected [batch, steps (1 or more), features ${size}]`],
  [[2, 3, 9], undefined, `the input is [batch 2, steps 3, features 9], expected`],
  [[2, 3, size], [3, 4], "length 4 of sequence 1; lengths are whole numbers from 1 to 3"],
])("rejects input %s with lengths %s", (shape, own, message) => {
  const input: tf.Tensor = tf.zeros(shape);
  const encoders = [
    new Bidirectional(gru(), gru()),
    new TimeReduction(size, 2),
    new Encoder([gru()]),
  ];
  for (const encoder of encoders) {
    expect(() => encoder.forward(input as tf.Tensor3D, { lengths: own })).toThrow(message);
  }
});
