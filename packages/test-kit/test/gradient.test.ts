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

test("the numeric gradient of what is not a scalar is an error", () => {
  expect(() => numericGradient(tf.square, tf.ones([2]))).toThrow(/shape \[2\].*sum it/);
});

test("right gradients pass: scalar and other outputs, one and more inputs", () => {
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

test("a wrong gradient is found, and which input's it is", () => {
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
  // The gradient of a softmax's plain sum is zero, and so is this wrong one's.
  const wrong = tf.customGrad((x) => ({
    value: tf.softmax(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  expect(() => checkGradient((x) => wrong(x!), [[2, 3]])).toThrow(/gradient of input 0/);
});

test("the seed decides the inputs", () => {
  const firstInput = (seed: number): number => {
    const seen: number[] = [];
    const record = (x: tf.Tensor) => {
      seen.push(x.dataSync()[0]!);
      return tf.square(x);
    };
    checkGradient((x) => record(x!), [[1]], { seed });
    return seen[0]!;
  };
  expect(firstInput(1)).toBe(firstInput(1));
  expect(firstInput(2)).not.toBe(firstInput(1));
});

test("checking a gradient leaves no tensor behind", async () => {
  await expectNoLeak(() => checkGradient((x) => tf.sigmoid(x!), [[4]]));
});

test("gradients by variables are checked one by one, and their values stay", () => {
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
