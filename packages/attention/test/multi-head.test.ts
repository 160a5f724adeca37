import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { MultiHeadAttention } from "../src/index.ts";

useEngine();

const normal = (shape: [number, number, number], seed: number): tf.Tensor3D =>
  tf.randomNormal(shape, 0, 1, "float32", seed);

const make = (dropout = 0) =>
  new MultiHeadAttention({ size: 6, memorySize: 4, heads: 3, dropout }, createRandom(1));

describe("MultiHeadAttention", () => {
  test("weights sum to 1 over what a length or the future leaves", () => {
    tf.tidy(() => {
      const attention = make();
      const query = attention.query.forward(normal([2, 4, 6], 1));
      const memory = attention.project(normal([2, 4, 4], 2));
      const lengths = tf.tensor1d([4, 2], "int32");
      const { output, weights } = attention.attend(query, memory, { lengths, causal: true });
      expect(output.shape).toEqual([2, 4, 6]);
      expectClose(tf.sum(weights, 3), tf.ones([2, 3, 4]));
      // The first query sees the first position only, of the second row nothing behind its length.
      expectClose(tf.slice(weights, [0, 0, 0, 1], [2, 3, 1, 3]), tf.zeros([2, 3, 1, 3]), 0);
      expectClose(tf.slice(weights, [1, 0, 0, 2], [1, 3, 4, 2]), tf.zeros([1, 3, 4, 2]), 0);
    });
  });

  test("one query a row over slots is what it is over a memory of its own", () => {
    tf.tidy(() => {
      const attention = make();
      const query = attention.query.forward(normal([2, 1, 6], 3));
      const memory = attention.project(normal([2, 3, 4], 4));
      const lengths = tf.tensor1d([3, 2], "int32");
      const whole = attention.attend(query, memory, { lengths });
      // The slots of both rows lie the other way about.
      const slots = tf.reverse(tf.reshape<tf.Rank.R2>(memory, [6, 12]), 0);
      const places = tf.tensor2d(
        [
          [5, 4, 3],
          [2, 1, -1],
        ],
        undefined,
        "int32",
      );
      const step = attention.step(tf.reshape<tf.Rank.R2>(query, [2, 6]), slots, places);
      expectClose(step.output, tf.squeeze(whole.output, [1]), 1e-5);
      expectClose(step.weights, tf.squeeze(whole.weights, [2]), 1e-5);
    });
  });

  test("numeric gradients of every parameter", () => {
    const attention = make();
    const [query, memory] = [normal([2, 2, 6], 5), normal([2, 3, 4], 6)];
    const run = () => {
      const seen = attention.attend(attention.query.forward(query), attention.project(memory));
      return tf.sum(tf.square(seen.output));
    };
    checkVariableGradients(run, attention.namedParameters(), { tolerance: 4e-3 });
  });

  test("dropout keeps the expectation, and leaves no tensor behind", async () => {
    const attention = make(0.4);
    const random = createRandom(2);
    const query = normal([1, 2, 6], 7);
    const memory = normal([1, 3, 4], 8);
    const run = (given?: typeof random) =>
      tf.tidy(() => {
        const options = given === undefined ? {} : { random: given };
        const projected = attention.project(memory);
        return attention.attend(attention.query.forward(query), projected, options).output;
      });
    const mean = tf.tidy(() =>
      tf.div(tf.addN(Array.from({ length: 600 }, () => run(random))), 600),
    );
    expectClose(mean, run(), 0.1);
    await expectNoLeak(() => run(random).dispose());
  });

  test("heads that do not divide the size are refused", () => {
    expect(() => new MultiHeadAttention({ size: 6, heads: 4 })).toThrow("4 heads do not divide");
  });
});
