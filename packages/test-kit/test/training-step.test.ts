import { tf } from "@attend/runtime";
import { expect, test } from "vitest";
import { expectNoLeak, expectTrainingStep, useEngine } from "../src/index.ts";

useEngine();

const make = () => {
  const [x, y] = [tf.variable(tf.tensor([0.5, 2])), tf.variable(tf.tensor([1, 3]))];
  return {
    x,
    y,
    parameters: new Map([
      ["x", x],
      ["y", y],
    ]),
  };
};

test("a loss that depends on every parameter passes and changes them, and nothing leaks", async () => {
  const { x, y, parameters } = make();
  const loss = () => tf.sum(tf.mul(x, y)) as tf.Scalar;
  await expectNoLeak(() => expectTrainingStep(loss, parameters));
  expect([...x.dataSync()]).not.toEqual([0.5, 2]);
});

test("an unused parameter, a gradient of NaN and an infinite loss fail", () => {
  const { x, y, parameters } = make();
  const unused = () => tf.sum(x) as tf.Scalar;
  expect(() => expectTrainingStep(unused, parameters)).toThrow("gradient of y");
  const root = () => tf.sum(tf.add(tf.sqrt(tf.mul(x, 0)), y)) as tf.Scalar;
  expect(() => expectTrainingStep(root, parameters)).toThrow("gradient of x");
  const infinite = () => tf.sum(tf.div(tf.add(x, y), 0)) as tf.Scalar;
  expect(() => expectTrainingStep(infinite, parameters)).toThrow("loss");
});
