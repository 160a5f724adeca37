import { setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { LstmCell, unroll } from "../src/index.ts";

const [batch, steps, inputSize, units] = [4, 6, 5, 8];

type Arguments = Readonly<Record<"input" | "h" | "c" | "kernel" | "bias", number[]>>;
interface Golden extends Arguments {
  readonly weighting: number[];
  readonly output: number[];
  readonly lastH: number[];
  readonly lastC: number[];
  readonly gradients: Arguments;
}

const golden = loadGolden<Golden>(new URL("./golden/lstm.golden.json", import.meta.url));

useEngine();

function goldenCell(): LstmCell {
  const cell = new LstmCell(inputSize, units, createRandom(0));
  setParameter(cell.kernel, Float32Array.from(golden.kernel));
  setParameter(cell.bias, Float32Array.from(golden.bias));
  return cell;
}

test("outputs and last states equal PyTorch's, fused and step by step", () => {
  const cell = goldenCell();
  const input = tf.tensor3d(golden.input, [batch, steps, inputSize]);
  const initial = {
    h: tf.tensor2d(golden.h, [batch, units]),
    c: tf.tensor2d(golden.c, [batch, units]),
  };
  for (const { output, state } of [
    unroll(cell, input, initial),
    stepByStep(cell, input, initial),
  ]) {
    expect(output.shape).toEqual([batch, steps, units]);
    expectClose(tf.reshape(output, [-1]), golden.output);
    expectClose(tf.reshape(state.h, [-1]), golden.lastH);
    expectClose(tf.reshape(state.c, [-1]), golden.lastC);
  }
});

test.each([
  ["fused", unroll],
  ["step by step", stepByStep],
] as const)("%s: every gradient equals PyTorch's", (_, run) => {
  const cell = goldenCell();
  const weighting = tf.tensor3d(golden.weighting, [batch, steps, units]);
  const input = tf.variable(tf.tensor3d(golden.input, [batch, steps, inputSize]));
  const h = tf.variable(tf.tensor2d(golden.h, [batch, units]));
  const c = tf.variable(tf.tensor2d(golden.c, [batch, units]));
  const { grads } = tf.variableGrads(() => {
    const { output, state } = run(cell, input, { h, c });
    const ofOutput = tf.sum(tf.mul(output, weighting));
    const ofState = tf.add(tf.sum(tf.square(state.h)), tf.sum(tf.sin(state.c)));
    return tf.add(ofOutput, ofState);
  });
  const variables = { input, h, c, kernel: cell.kernel, bias: cell.bias };
  for (const [name, expected] of Object.entries(golden.gradients)) {
    const variable = variables[name as keyof Arguments];
    expectClose(tf.reshape(grads[variable.name] ?? 0, [-1]), expected);
  }
});

function stepByStep(
  cell: LstmCell,
  input: tf.Tensor3D,
  initial: { h: tf.Tensor2D; c: tf.Tensor2D },
) {
  let state = initial;
  const outputs = tf.unstack(input, 1).map((x) => {
    const next = cell.step(x as tf.Tensor2D, state);
    state = next.state;
    return next.output;
  });
  return { output: tf.stack(outputs, 1) as tf.Tensor3D, state };
}
