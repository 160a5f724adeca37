import { crossEntropy, Embedding, Linear, type Parameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createRecurrent,
  LstmCell,
  type TruncatedOptions,
  truncatedBackpropagation,
  unroll,
} from "../src/index.ts";
import { sequence, someState } from "./support/cell-suite.ts";
import { batch, shaken, size } from "./support/cells.ts";

useEngine();

const steps = 10;
const make = () =>
  shaken(
    createRecurrent({ cell: "lstm", inputSize: size, units: size, layers: 2 }, createRandom(1)),
  );

const part = (input: tf.Tensor3D, from: number, to: number): tf.Tensor3D =>
  tf.slice(input, [0, from, 0], [-1, to - from, -1]);
const lossOf = (output: tf.Tensor) => tf.sum(tf.sin(output)) as tf.Scalar;

function optionsFor(cell: ReturnType<typeof make>, forward: number, back: number) {
  const input = tf.keep(sequence(batch, steps));
  return {
    initial: someState(cell, batch),
    steps,
    forward,
    back,
    input: (from, to) => part(input, from, to),
    loss: lossOf,
  } satisfies TruncatedOptions<ReturnType<typeof cell.initialState>>;
}

describe("truncated backpropagation", () => {
  test.each([
    [10, 10],
    [2, 2],
    [2, 4],
    [3, 3],
    [3, 4],
    [4, 9],
    [1, 5],
    [7, 30],
  ])(
    "%i steps forward, %i back: the gradient through the last steps and no further",
    (forward, back) => {
      const cell = make();
      const options = optionsFor(cell, forward, back);
      const input = sequence(batch, steps);
      let end = 0;
      for (const { from, to, loss, gradients } of truncatedBackpropagation(cell, options)) {
        expect([from, to]).toEqual([end, Math.min(end + forward, steps)]);
        end = to;
        const start = Math.max(0, to - back);
        // The state before the window, as a constant.
        const before =
          start === 0
            ? options.initial
            : unroll(cell, part(input, 0, start), options.initial).state;
        const { value, grads } = tf.variableGrads(() => {
          const { output } = unroll(cell, part(input, start, to), before);
          return lossOf(tf.slice(output, [0, from - start, 0]));
        });
        expect(loss).toBeCloseTo(value.dataSync()[0] ?? Number.NaN, 4);
        const parameters = cell.namedParameters();
        expect([...gradients.keys()]).toEqual([...parameters.keys()]);
        for (const [name, parameter] of parameters) {
          expectClose(gradients.get(name) ?? 0, grads[parameter.name] ?? 0);
        }
      }
      expect(end).toBe(steps);
    },
  );

  test("further back changes the gradient", () => {
    const cell = make();
    const last = (back: number) =>
      [...truncatedBackpropagation(cell, optionsFor(cell, 2, back))].at(-1)?.gradients;
    const [near, far] = [last(2), last(8)].map(
      (gradients) => gradients?.get("layers.0.kernel") ?? 0,
    );
    expect(() => expectClose(near ?? 0, far ?? 0)).toThrow("not close");
  });

  test("goes on with the weights that were updated, and trains what is in the input", () => {
    const cell = new LstmCell(4, 8, createRandom(1));
    const model = {
      embedding: new Embedding(3, 4, createRandom(2)),
      read: new Linear(8, 3, createRandom(3)),
    };
    const tokens = (from: number, to: number) =>
      tf.tensor1d(
        Array.from({ length: to - from }, (_, i) => [0, 1, 2, 1][(from + i) % 4] ?? 0),
        "int32",
      );
    const parameters = new Map(
      Object.entries({ cell, ...model }).flatMap(([part, module]) =>
        [...module.namedParameters()].map(([name, each]): [string, Parameter] => [
          `${part}.${name}`,
          each,
        ]),
      ),
    );
    const optimizer = tf.train.adam(0.03);
    const losses: number[] = [];
    // After 1 comes 0 or 2: the state must know which.
    for (const { loss, gradients } of truncatedBackpropagation(cell, {
      initial: cell.initialState(1),
      steps: 240,
      forward: 3,
      back: 6,
      parameters,
      input: (from, to) => tf.expandDims(model.embedding.forward(tokens(from, to)), 0),
      loss: (output, from, to) => {
        const logits = model.read.forward(tf.squeeze<tf.Tensor2D>(output, [0]));
        return tf.mean(crossEntropy(logits, tokens(from + 1, to + 1)));
      },
    })) {
      losses.push(loss);
      expect([...gradients.keys()]).toEqual([...parameters.keys()]);
      const byVariable = [...gradients].map(([name, gradient]) => [
        parameters.get(name)?.name,
        gradient,
      ]);
      optimizer.applyGradients(Object.fromEntries(byVariable));
      tf.dispose([...gradients.values()]);
    }
    expect(losses).toHaveLength(80);
    expect(losses[0]).toBeGreaterThan(0.9);
    expect(losses.at(-1)).toBeLessThan(0.1);
  });

  test.each([
    [0, 4],
    [4, 3],
    [2.5, 4],
    [2, Number.NaN],
  ])("%s steps forward and %s back are refused", (forward, back) => {
    const cell = make();
    expect(() => truncatedBackpropagation(cell, optionsFor(cell, forward, back)).next()).toThrow(
      `${forward} steps forward and ${back} back; expected whole numbers with 1 <= forward <= back`,
    );
  });

  test("an input of another shape is refused", () => {
    const cell = make();
    const options = { ...optionsFor(cell, 2, 4), input: () => tf.zeros<tf.Rank.R3>([1, 2, 9]) };
    expect(() => truncatedBackpropagation(cell, options).next()).toThrow(
      `the input is [batch 1, steps 2, features 9], expected [batch, steps (1 or more), features ${size}]`,
    );
  });
});

describe("memory", () => {
  test("whole, left early or failed: leaves no tensor behind", async () => {
    const cell = make();
    const options = optionsFor(cell, 2, 4);
    const run = (count: number, change: Partial<typeof options> = {}) => {
      for (const { from, gradients } of truncatedBackpropagation(cell, { ...options, ...change })) {
        tf.dispose([...gradients.values()]);
        if (from === count) break;
      }
    };
    const failing = () => {
      throw new Error("no input");
    };
    run(steps); // the kernels' constants
    await expectNoLeak(() => {
      run(steps);
      run(4);
      expect(() => run(steps, { input: failing })).toThrow("no input");
    });
  });
});
