import { type Module, setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { parseTrainingConfig, type TrainingConfigInput } from "../src/config.ts";
import { createOptimizer } from "../src/create-optimizer.ts";
import { trainedParameters } from "../src/parameters.ts";
import { Layer } from "./support/layer.ts";

type Values = { kernel: number[]; bias: number[] };
const golden = loadGolden<{
  start: Values;
  rates: number[];
  gradients: Values[];
  weights: Record<string, Values[]>;
}>(new URL("./golden/optimizers.golden.json", import.meta.url));

const unusual = { beta1: 0.8, beta2: 0.95, epsilon: 1e-2 };
const optimizers: Record<string, TrainingConfigInput["optimizer"]> = {
  adam: { name: "adam", learningRate: 1 },
  "adam with decay": { name: "adam", learningRate: 1, weightDecay: 0.1 },
  "adam, unusual betas": { name: "adam", learningRate: 1, ...unusual },
  adamw: { name: "adamw", learningRate: 1, weightDecay: 0.1 },
  "adamw, unusual betas": { name: "adamw", learningRate: 1, weightDecay: 0.02, ...unusual },
  sgd: { name: "sgd", learningRate: 1 },
  "sgd with momentum and decay": {
    name: "sgd",
    learningRate: 1,
    momentum: 0.9,
    weightDecay: 0.1,
  },
};

useEngine();

/** Runs the golden steps; calls `after` after each. */
function run(
  module: Module,
  config: Partial<TrainingConfigInput> & Pick<TrainingConfigInput, "optimizer">,
  after: (step: number) => void,
): void {
  const parsed = parseTrainingConfig({ epochs: 1, ...config }, "test");
  const trained = trainedParameters(module, parsed);
  const optimizer = createOptimizer(parsed.optimizer, trained);
  for (const [i, rate] of golden.rates.entries()) {
    const values = golden.gradients[i]!;
    const gradients = new Map<string, tf.Tensor>([
      ["kernel", tf.tensor(values.kernel, [3, 4])],
      ["bias", tf.tensor(values.bias)],
    ]);
    optimizer.apply(gradients, rate, i + 1);
    tf.dispose([...gradients.values()]);
    after(i);
  }
  optimizer.dispose();
}

describe.each(Object.entries(optimizers))("%s", (name, optimizer) => {
  test("updates the weights like torch.optim", async () => {
    await expectNoLeak(() => {
      const layer = new Layer(golden.start);
      run(layer, { optimizer }, (i) => {
        const expected = golden.weights[name]![i]!;
        expectClose(layer.kernel.dataSync(), expected.kernel, 2e-6);
        expectClose(layer.bias.dataSync(), expected.bias, 2e-6);
      });
      layer.dispose();
    });
  });
});

test("a group's learning rate scale and decay apply only to its parameters", () => {
  const layer = new Layer(golden.start);
  const expected = new Layer(golden.start);
  const adamw = { name: "adamw", weightDecay: 0.1 } as const;
  run(expected, { optimizer: { ...adamw, learningRate: 1, weightDecay: 0 } }, () => {});
  const parameterGroups = [
    { pattern: "bias", learningRateScale: 0 },
    { pattern: "k.r", weightDecay: 0 },
  ];
  run(layer, { optimizer: { ...adamw, learningRate: 1 }, parameterGroups }, () => {});
  expectClose(layer.bias, golden.start.bias, 0);
  expectClose(layer.kernel, expected.kernel, 0);
  layer.dispose();
  expected.dispose();
});

test("a frozen parameter has no state and is not updated", () => {
  const layer = new Layer(golden.start);
  const config = parseTrainingConfig(
    {
      epochs: 1,
      optimizer: { name: "adam", learningRate: 1 },
      parameterGroups: [{ pattern: "kernel", frozen: true }],
    },
    "test",
  );
  const optimizer = createOptimizer(config.optimizer, trainedParameters(layer, config));
  expect([...optimizer.slots().keys()]).toEqual(["adam.m/bias", "adam.v/bias"]);
  const gradient = tf.ones([3, 4]);
  optimizer.apply(new Map([["kernel", gradient]]), 0.1, 1);
  expectClose(layer.kernel.dataSync(), golden.start.kernel, 0);
  tf.dispose(gradient);
  optimizer.dispose();
  layer.dispose();
});

test("an update in place changes neither the array of the initial weights nor clones", () => {
  const layer = new Layer(golden.start);
  const array = Float32Array.from(golden.start.kernel);
  setParameter(layer.kernel, array);
  let clone: tf.Tensor | undefined;
  let cloneValues: Float32Array | undefined;
  run(layer, { optimizer: { name: "adam", learningRate: 1 } }, (step) => {
    if (step !== 1) return;
    clone = layer.kernel.clone();
    cloneValues = Float32Array.from(clone.dataSync());
  });
  expect([...array]).toEqual([...Float32Array.from(golden.start.kernel)]);
  expectClose(clone!, tf.tensor(cloneValues!, [3, 4]), 0);
  expectClose(layer.kernel.dataSync(), golden.weights["adam"]!.at(-1)!.kernel, 2e-6);
  layer.dispose();
});
