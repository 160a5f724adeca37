import { beforeAll, expect, it } from "vitest";
import { hasFusedKernels, loadEngine, tf } from "../../src/index.ts";
import { type CellName, fast, inputsOf } from "./support/cells.ts";

beforeAll(async () => {
  await loadEngine();
});

it("many calls leak neither tensors nor memory", { timeout: 600_000 }, ({ skip }) => {
  skip(!hasFusedKernels());
  const cells: CellName[] = ["peephole", "gru", "tanh"];
  const steps = cells.map((cell) => {
    const each = { cell, batch: 32, steps: 8, inputSize: 8, units: 64 };
    const inputs = inputsOf(each);
    const sum = (...x: tf.Tensor[]) => tf.sum(fast(each, true)(...x)[0] as tf.Tensor);
    const gradients = tf.grads(sum);
    return () => tf.tidy(() => void gradients(inputs));
  });
  const call = (times: number) => {
    for (let i = 0; i < times; i++) for (const step of steps) step();
  };
  call(50);
  const [tensors, bytes] = [tf.memory().numTensors, process.memoryUsage().rss];
  call(300);
  expect(tf.memory().numTensors).toBe(tensors);
  // The gates of each LSTM's call, 32 x 8 x 256 floats, would be 79 MB by now.
  expect(process.memoryUsage().rss - bytes).toBeLessThan(40e6);
});
