import { createRandom, tf } from "@attend/runtime";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { buffer, isBuffer, Linear, Module, parameter } from "../src/index.ts";

class Block extends Module {
  readonly scale = parameter(tf.ones([2]));
  readonly mean = buffer(tf.zeros([2]));
}

class Model extends Module {
  readonly layers = [new Block(), new Block()];
  readonly heads: Record<string, Linear> = { words: new Linear(2, 3, createRandom(1)) };
  readonly none: Linear | undefined = undefined;
  readonly sizes = [1, 2];
  readonly options = new Map([["a", 1]]);
  readonly bare = parameter(tf.scalar(1));
}

class Twice extends Module {
  readonly first = new Block();
  readonly second = this.first;
}

useEngine();

describe("Module", () => {
  test("names parameters by property path, in property order", async () => {
    await expectNoLeak(() => {
      const model = new Model();
      expect([...model.namedParameters().keys()]).toEqual([
        "layers.0.scale",
        "layers.0.mean",
        "layers.1.scale",
        "layers.1.mean",
        "heads.words.kernel",
        "heads.words.bias",
        "bare",
      ]);
      expect(model.parameterCount()).toBe(2 * 4 + 1 + 6 + 3);
      model.dispose();
    });
  });

  test("freezes and unfreezes all but its buffers", () => {
    const model = new Model();
    const trainable = () => [...model.trainableParameters().keys()];
    const all = trainable();
    expect(all).not.toContain("layers.0.mean");
    expect(all).toContain("layers.0.scale");
    model.setTrainable(false);
    expect(trainable()).toEqual([]);
    model.setTrainable(true);
    expect(trainable()).toEqual(all);
    expect(isBuffer(model.layers[0]!.mean)).toBe(true);
    expect(isBuffer(model.bare)).toBe(false);
    model.dispose();
  });

  test("rejects a parameter that belongs to two properties, by name", () => {
    const twice = new Twice();
    expect(() => twice.namedParameters()).toThrow(
      expect.objectContaining({
        code: "BAD_ARGUMENT",
        message: expect.stringContaining("second.scale"),
      }),
    );
    twice.first.dispose();
  });

  test("a parameter disposes the tensor of its initial value", () => {
    const value = tf.ones([3]);
    const variable = parameter(value);
    expect(value.isDisposed).toBe(true);
    expect([...variable.dataSync()]).toEqual([1, 1, 1]);
    variable.dispose();
  });
});
