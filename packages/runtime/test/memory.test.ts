import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { disposeAll, loadEngine, memoryInfo, scope, tf } from "../src/index.ts";

beforeAll(async () => {
  await loadEngine();
});

const numTensors = () => memoryInfo().numTensors;

describe("scope", () => {
  it("disposes tensors created inside, before and after an await, but not those returned", async () => {
    const before = numTensors();
    const { kept, list } = await scope(async () => {
      const a = tf.ones([4]);
      await sleep(1);
      const b = tf.tidy(() => tf.add(a, tf.scalar(1)));
      return { kept: tf.mul(b, 2), list: new Map([["x", [tf.zeros([2])]]]) };
    });
    expect(kept.arraySync()).toEqual([4, 4, 4, 4]);
    expect(numTensors()).toBe(before + 2);
    disposeAll(kept, list);
    expect(numTensors()).toBe(before);
  });

  it("disposes tensors created inside if the body throws", async () => {
    const before = numTensors();
    const failing = scope(async () => {
      tf.ones([4]);
      await sleep(1);
      throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(numTensors()).toBe(before);
  });

  it("keeps the tensors of other work that runs while it waits", async () => {
    const before = numTensors();
    const waiting = scope(async () => {
      tf.ones([1]);
      await sleep(5);
      tf.ones([1]);
    });
    const outside = tf.ones([3]);
    await sleep(1);
    const later = tf.ones([3]);
    await waiting;
    expect(outside.isDisposed || later.isDisposed).toBe(false);
    disposeAll(outside, later);
    expect(numTensors()).toBe(before);
  });

  it("keeps overlapping scopes separate in any order, nested or not", async () => {
    const before = numTensors();
    const sums = await scope(async () => {
      const base = tf.ones([1]);
      const parts = await Promise.all(
        [5, 1, 3].map((milliseconds) =>
          scope(async () => {
            const own = tf.mul(base, milliseconds);
            await sleep(milliseconds);
            const inner = await scope(async () => tf.add(own, base));
            await sleep(6 - milliseconds);
            return tf.add(inner, own);
          }),
        ),
      );
      return parts.map((part) => part.dataSync()[0]);
    });
    expect(sums).toEqual([11, 3, 7]);
    expect(numTensors()).toBe(before);
  });

  it("passes its result to the enclosing scope, asynchronous or tidy", async () => {
    const before = numTensors();
    let inner: tf.Tensor | undefined;
    await scope(async () => {
      inner = await scope(async () => tf.ones([2]));
      expect(inner.isDisposed).toBe(false);
    });
    expect(inner?.isDisposed).toBe(true);
    expect(numTensors()).toBe(before);
  });

  it("respects tf.keep, variables and gradients", async () => {
    const before = numTensors();
    const { kept, variable } = await scope(async () => {
      const kept = tf.keep(tf.ones([1]));
      const variable = tf.variable(tf.scalar(3));
      await sleep(1);
      const { grads } = tf.variableGrads(() => tf.square<tf.Scalar>(variable), [variable]);
      expect(Object.values(grads)[0]?.dataSync()[0]).toBe(6);
      return { kept, variable };
    });
    expect(kept.isDisposed).toBe(false);
    disposeAll(kept, variable);
    expect(numTensors()).toBe(before);
  });
});

describe("disposeAll", () => {
  it("accepts anything, including duplicate tensors and cycles", () => {
    const before = numTensors();
    const a = tf.ones([1]);
    const cycle: { a: tf.Tensor; self?: object } = { a };
    cycle.self = cycle;
    disposeAll(
      a,
      [a],
      cycle,
      new Set([tf.ones([2])]),
      undefined,
      null,
      3,
      "text",
      new Float32Array(9),
    );
    expect(numTensors()).toBe(before);
  });
});

describe("memoryInfo", () => {
  it("counts tensors, their bytes and the process's memory", () => {
    const before = memoryInfo();
    const tensor = tf.zeros([256]);
    expect(memoryInfo().numTensors - before.numTensors).toBe(1);
    expect(memoryInfo().numBytes - before.numBytes).toBe(1024);
    expect(before.rss).toBeGreaterThan(10e6);
    tensor.dispose();
  });
});
