import { parameter } from "@attend/nn";
import { createRandom, hasFusedKernels, isNative, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { ComposedAdam, NativeAdam } from "../src/adam.ts";
import type { AdamConfig } from "../src/config.ts";
import { FusedAdam } from "../src/fused-adam.ts";
import type { Optimizer, TrainedParameter } from "../src/optimizer.ts";

useEngine();

const config: AdamConfig = {
  name: "adamw",
  learningRate: 1,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
};
const shapes = [[3, 5], [7], [], [300, 300], [2, 2, 2]];

function parameters(): TrainedParameter[] {
  const random = createRandom(5);
  return shapes.map((shape, i) => {
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal);
    return {
      name: `p${i}`,
      parameter: parameter(tf.tensor(values, shape)),
      learningRateScale: i === 1 ? 0.5 : 1,
      weightDecay: i % 2 === 0 ? 0.1 : 0,
    };
  });
}

/** Four steps; in the second, one parameter has no gradient. */
function train(make: (trained: TrainedParameter[]) => Optimizer): number[][] {
  const trained = parameters();
  const optimizer = make(trained);
  const random = createRandom(6);
  for (let step = 1; step <= 4; step++) {
    const gradients = new Map<string, tf.Tensor>();
    for (const [i, shape] of shapes.entries()) {
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal);
      if (step !== 2 || i !== 2) gradients.set(`p${i}`, tf.tensor(values, shape));
    }
    optimizer.apply(gradients, 0.1, step);
    tf.dispose([...gradients.values()]);
    copySlots(optimizer);
  }
  const moments = [...optimizer.slots().values()].map((slot) => {
    const value = slot.read();
    const values = [...value.dataSync()];
    value.dispose();
    return values;
  });
  const weights = trained.map((each) => [...each.parameter.dataSync()]);
  optimizer.dispose();
  for (const each of trained) each.parameter.dispose();
  return [...weights, ...moments];
}

/** Reads all state and writes it back, like saving and loading a checkpoint. */
function copySlots(optimizer: Optimizer): void {
  for (const slot of optimizer.slots().values()) {
    const value = slot.read();
    slot.write(value);
    value.dispose();
  }
}

test("all implementations of Adam give the same weights and moments", async ({ skip }) => {
  skip(!isNative(), "wasm has only one");
  const implementations: [string, boolean, (trained: TrainedParameter[]) => Optimizer][] = [
    ["in place", true, (trained) => new NativeAdam(config, trained)],
    ["fused", hasFusedKernels(), (trained) => new FusedAdam(config, trained)],
  ];
  const expected = train((trained) => new ComposedAdam(config, trained));
  for (const [name, isAvailable, make] of implementations) {
    if (!isAvailable) continue;
    await expectNoLeak(() => {
      const actual = train(make);
      expect(actual.length, name).toBe(expected.length);
      actual.forEach((values, i) => {
        expectClose(values, expected[i] ?? [], 1e-5);
      });
    });
  }
});
