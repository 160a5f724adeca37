import { tf } from "@attend/runtime";
import { expect, test } from "vitest";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  useEngine,
} from "../src/index.ts";

useEngine();

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

test("one wrong entry among a thousand is found", () => {
  for (const wrongEntry of [0, 417, 999]) {
    const square = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => {
        const one = tf.oneHot(tf.scalar(wrongEntry, "int32"), 1000);
        return tf.mul(tf.mul(dy, x as tf.Tensor), tf.add(2, tf.mul(one, 0.3)));
      },
    }));
    const x = tf.fill([1000], 0.1);
    expect(() => checkGradient((input) => tf.sum(square(input!)), [x])).toThrow(/random direction/);
  }
});

test("the wrong variable is named, and all values are restored", () => {
  const x = tf.variable(tf.tensor([0.5, -1, 2]));
  const y = tf.variable(tf.tensor([0.25, 3]));
  const wrong = tf.customGrad((a) => ({
    value: tf.square(a as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2.5),
  }));
  const variables = new Map([
    ["head.bias", y],
    ["head.scale", x],
  ]);
  const sum = (a: tf.Tensor) => tf.add(tf.sum(a), tf.sum(tf.sin(y)));
  checkVariableGradients(() => sum(tf.square(x)), variables);
  expect(() => checkVariableGradients(() => sum(wrong(x)), variables)).toThrow(/of head.scale/);
  expectClose(x, [0.5, -1, 2], 0);
  expectClose(y, [0.25, 3], 0);
});

test("a variable whose gradient the engine does not derive is found", () => {
  const [x, y] = [tf.variable(tf.tensor([0.5, -1])), tf.variable(tf.tensor([2, 3]))];
  const cut = tf.customGrad((a) => ({
    value: tf.square(a as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  const variables = new Map([
    ["x", x],
    ["y", y],
  ]);
  const loss = () => tf.add(tf.square(x), tf.mul(cut(y), 0.01));
  expect(() => checkVariableGradients(loss, variables)).toThrow(/gradient of y/);
});
