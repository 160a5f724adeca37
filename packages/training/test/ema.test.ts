import { buffer, Module, parameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { WeightAverage } from "../src/ema.ts";

class Weights extends Module {
  readonly kernel = parameter(tf.tensor([1, 2]));
  readonly frozen = parameter(tf.tensor([5]));
  readonly mean = buffer(tf.tensor([3]));
}

function averageOf(module: Weights, decay: number, every: number): WeightAverage {
  const trained = {
    name: "kernel",
    parameter: module.kernel,
    learningRateScale: 1,
    weightDecay: 0,
  };
  return new WeightAverage({ decay, every }, module, [trained]);
}

function set(module: Weights, values: number[], mean: number): void {
  tf.tidy(() => {
    module.kernel.assign(tf.tensor(values));
    module.mean.assign(tf.tensor([mean]));
  });
}

useEngine();

test.each([
  [0.5, 1],
  [0.999, 1],
  [0.9, 2],
])(
  "decay %d every %d steps follows its formula, for parameters and buffers",
  async (decay, every) => {
    await expectNoLeak(async () => {
      const module = new Weights();
      const average = averageOf(module, decay, every);
      let [kernel, mean] = [[1, 2], 3];
      for (let step = 1; step <= 12; step++) {
        const [values, newMean] = [[step, -step], step * step];
        set(module, values, newMean);
        average.update(step);
        if (step % every !== 0) continue;
        const kept = Math.min(decay, (1 + step) / (10 + step)) ** every;
        kernel = kernel.map((old, i) => kept * old + (1 - kept) * values[i]!);
        mean = kept * mean + (1 - kept) * newMean;
      }
      await average.during(async () => {
        expectClose(module.kernel.dataSync(), kernel, 1e-5);
        expectClose(module.mean.dataSync(), [mean], 1e-5);
        expectClose(module.frozen.dataSync(), [5], 0);
      });
      expect([...module.kernel.dataSync()]).toEqual([12, -12]);
      expect([...average.slots().keys()]).toEqual(["ema/kernel", "ema/mean"]);
      average.dispose();
      module.dispose();
    });
  },
);

test("restores the weights if validation fails", async () => {
  const module = new Weights();
  const average = averageOf(module, 0.5, 1);
  await expect(
    average.during(async () => {
      throw new Error("no metrics");
    }),
  ).rejects.toThrow("no metrics");
  expect([...module.kernel.dataSync()]).toEqual([1, 2]);
  average.dispose();
  module.dispose();
});
