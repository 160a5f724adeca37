import { assignWeights, type StoredTensor } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { AdaptiveComputation, createUniversalTransformer } from "../src/index.ts";

useEngine();

describe("adaptive computation time", () => {
  /** Halts with a chance of 0.4 after each step, or of nearly 1 where the state is 100. */
  function computation(maxSteps: number): AdaptiveComputation {
    const made = new AdaptiveComputation(1, undefined, { maxSteps });
    const stored = new Map<string, StoredTensor>([
      ["halting.kernel", { shape: [1, 1], data: Float32Array.of(0.1) }],
      ["halting.bias", { shape: [1], data: Float32Array.of(Math.log(0.4 / 0.6)) }],
    ]);
    assignWeights(made, stored, "test");
    return made;
  }
  const input = () => tf.tensor3d([0, 100, 0], [1, 3, 1]);
  const mask = () => tf.tensor2d([1, 1, 0], [1, 3]);
  const step = (_: tf.Tensor3D, t: number) => tf.fill<tf.Rank.R3>([1, 3, 1], t + 1);

  test("by hand: a position takes the steps that it needs, and padding none", () => {
    const found = computation(8).run(input(), mask(), step);
    const chances = [0, 1, 2].map(
      (state) => 1 / (1 + Math.exp(-(Math.log(0.4 / 0.6) + 0.1 * state))),
    );
    const [one = 0, two = 0] = chances;
    const rest = 1 - one - two;
    expectClose(found.output, [[[one + 2 * two + 3 * rest], [1], [0]]]);
    expectClose(found.ponder, [[3 + rest, 1 + 1, 0]]);
  });

  test("the last step takes the rest", () => {
    const found = computation(2).run(input(), mask(), step);
    expectClose(found.output, [[[0.4 + 2 * 0.6], [1], [0]]]);
    expectClose(found.ponder, [[2 + 0.6, 1 + 1, 0]]);
  });

  test("stops when all have halted", () => {
    let steps = 0;
    computation(8).run(tf.tensor3d([100, 100], [1, 2, 1]), tf.ones([1, 2]), (state) => {
      steps++;
      return state;
    });
    expect(steps).toBe(1);
  });
});

describe("Universal Transformer", () => {
  const config = { size: 4, heads: 2, feedForwardSize: 6, maxSteps: 3 };
  const lengths = [3, 2];
  const input = () => {
    const random = createRandom(2);
    return tf.tensor3d(
      Array.from({ length: 24 }, () => random.normal()),
      [2, 3, 4],
    );
  };

  test("a sequence beside a longer one equals it alone", () => {
    const network = createUniversalTransformer(config, createRandom(1));
    const together = network.encode(input(), lengths);
    const short = tf.slice(input(), [1, 0, 0], [1, 2, 4]);
    const alone = network.encode(short, [2]);
    expectClose(tf.slice(together.output, [1, 0, 0], [1, 2, 4]), alone.output, 1e-5);
    expectClose(tf.slice(together.output, [1, 2, 0]), tf.zeros([1, 1, 4]), 0);
    expect(together.weights.map(({ shape }) => shape)).toEqual(
      together.weights.map(() => [2, 2, 3, 3]),
    );
    network.dispose();
  });

  test("numeric gradients, also of what computing cost", () => {
    const network = createUniversalTransformer(config, createRandom(1));
    checkVariableGradients(() => {
      const { output, ponder } = network.encode(input(), lengths);
      return tf.add(tf.sum(tf.mul(output, input())), ponder);
    }, network.namedParameters());
    network.dispose();
  });

  test("leaks no tensors", async () => {
    const network = createUniversalTransformer(config, createRandom(1));
    const given = input();
    await expectNoLeak(() =>
      tf.dispose(network.encode(given, lengths, { random: createRandom(1) })),
    );
    network.dispose();
  });

  test("invalid configs name their keys", () => {
    expect(() => createUniversalTransformer({ ...config, size: 5 })).toThrow("size");
    expect(() => createUniversalTransformer({ ...config, heads: 3 })).toThrow(
      "heads: the heads do not divide the size",
    );
  });
});
