import { tf } from "@attend/runtime";
import { expect, test } from "vitest";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  numericGradient,
  useEngine,
} from "../src/index.ts";

useEngine();

test("the numeric gradient of a sum of squares is twice its input", () => {
  const x = tf.tensor([
    [0.5, -1, 2],
    [0, 3, -0.25],
  ]);
  const gradient = numericGradient((input) => tf.sum(tf.square(input)), x);
  expectClose(gradient, tf.mul(x, 2), 1e-3);
});

test("a numeric gradient needs a scalar function", () => {
  expect(() => numericGradient(tf.square, tf.ones([2]))).toThrow(/shape \[2\].*sum it/);
});

test("correct gradients pass: scalar or not, with one or several inputs", () => {
  checkGradient((x) => tf.sum(tf.tanh(x!)), [[2, 3]]);
  checkGradient(
    (x, w) => tf.tanh(tf.matMul(x!, w!)),
    [
      [2, 3],
      [3, 4],
    ],
  );
  checkGradient((x) => tf.log(x!), [tf.tensor([0.5, 1, 2])]);
});

test("a wrong gradient is found, and its input is named", () => {
  const product = tf.customGrad((a, b) => {
    const [x, y] = [a as tf.Tensor, b as tf.Tensor];
    return {
      value: tf.mul(x, y),
      gradFunc: (dy: tf.Tensor) => [tf.mul(dy, y), tf.mul(dy, tf.add(x, 0.01))],
    };
  });
  expect(() => checkGradient((x, y) => product(x!, y!), [[3], [3]])).toThrow(/gradient of input 1/);
});

test("errors that cancel in a plain sum are found", () => {
  // The plain sum of a softmax has gradient zero, as this wrong one does.
  const wrong = tf.customGrad((x) => ({
    value: tf.softmax(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  expect(() => checkGradient((x) => wrong(x!), [[2, 3]])).toThrow(/gradient of input 0/);
});

test("the seed determines the inputs", () => {
  const firstInput = (seed: number): number => {
    const inputs: number[] = [];
    const record = (x: tf.Tensor) => {
      inputs.push(x.dataSync()[0]!);
      return tf.square(x);
    };
    checkGradient((x) => record(x!), [[1]], { seed });
    return inputs[0]!;
  };
  expect(firstInput(1)).toBe(firstInput(1));
  expect(firstInput(2)).not.toBe(firstInput(1));
});

test("checking a gradient leaks no tensor", async () => {
  await expectNoLeak(() => checkGradient((x) => tf.sigmoid(x!), [[4]]));
});

test("gradients of variables are checked one by one, and their values are restored", () => {
  const x = tf.variable(tf.tensor([0.5, -1, 2]));
  const wrong = tf.customGrad((a) => ({
    value: tf.square(a as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2.5),
  }));
  const variables = new Map([["head.scale", x]]);
  checkVariableGradients(() => tf.square(x), variables);
  expect(() => checkVariableGradients(() => wrong(x), variables)).toThrow(/gradient of head.scale/);
  expectClose(x, [0.5, -1, 2], 0);
});
