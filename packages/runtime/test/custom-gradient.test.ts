import { beforeAll, describe, expect, it } from "vitest";
import { customGradient, customGradients, loadEngine, tf } from "../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

describe.each(["one output", "two outputs"])("a custom gradient of %s", (outputs) => {
  it("frees what its backward pass computes in between", () => {
    const counts: number[] = [];
    const backward = (dy: tf.Tensor) => {
      counts.push(tf.memory().numTensors);
      return [tf.mul(tf.add(dy, 1), 2)];
    };
    const step = (x: tf.Tensor): tf.Tensor => {
      if (outputs === "one output") {
        return customGradient([x], () => ({ value: tf.add(x, 1), saved: [] }), backward);
      }
      const forward = () => ({ values: [tf.add(x, 1), tf.add(x, 2)], saved: [] });
      const [first = x] = customGradients([x], forward, ([dy = x]) => backward(dy));
      return first;
    };
    const chain = (x: tf.Tensor) => tf.sum(step(step(step(step(x)))));
    const x = tf.tensor1d([1, 2]);
    const gradient = tf.grad(chain)(x);
    expect([...gradient.dataSync()]).toEqual([46, 46]);
    const growth = counts.slice(1).map((count, i) => count - (counts[i] ?? 0));
    // At most what a step returns; in between it makes a sum and two scalars.
    expect(Math.max(...growth)).toBeLessThanOrEqual(2);
    tf.dispose([gradient, x]);
  });
});
