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
  test("weights sum to 1 over valid, past positions", () => {
    tf.tidy(() => {
      const attention = make();
      const query = attention.query.forward(normal([2, 4, 6], 1));
      const memory = attention.project(normal([2, 4, 4], 2));
      const lengths = tf.tensor1d([4, 2], "int32");
      const { output, weights } = attention.attend(query, memory, { lengths, causal: true });
      expect(output.shape).toEqual([2, 4, 6]);
      expectClose(tf.sum(weights, 3), tf.ones([2, 3, 4]));
      // The first query attends only to the first position, the second row to none past its length.
      expectClose(tf.slice(weights, [0, 0, 0, 1], [2, 3, 1, 3]), tf.zeros([2, 3, 1, 3]), 0);
      expectClose(tf.slice(weights, [1, 0, 0, 2], [1, 3, 4, 2]), tf.zeros([1, 3, 4, 2]), 0);
    });
  });

  test("a step over slots equals attention over the row's memory", () => {
    tf.tidy(() => {
      const attention = make();
      const query = attention.query.forward(normal([2, 1, 6], 3));
      const memory = attention.project(normal([2, 3, 4], 4));
      const lengths = tf.tensor1d([3, 2], "int32");
      const expected = attention.attend(query, memory, { lengths });
      // In reverse order.
      const slots = tf.reverse(tf.reshape<tf.Rank.R2>(memory, [6, 12]), 0);
      const indices = tf.tensor2d(
        [
          [5, 4, 3],
          [2, 1, -1],
        ],
        undefined,
        "int32",
      );
      const step = attention.step(tf.reshape<tf.Rank.R2>(query, [2, 6]), slots, indices);
      expectClose(step.output, tf.squeeze(expected.output, [1]), 1e-5);
      expectClose(step.weights, tf.squeeze(expected.weights, [2]), 1e-5);
    });
  });

  test("numeric gradients of every parameter", () => {
    const attention = make();
    const [query, memory] = [normal([2, 2, 6], 5), normal([2, 3, 4], 6)];
    const run = () => {
      const queries = attention.query.forward(query);
      const { output } = attention.attend(queries, attention.project(memory));
      return tf.sum(tf.square(output));
    };
    checkVariableGradients(run, attention.namedParameters());
  });

  test("dropout preserves the expectation and leaks no tensors", async () => {
    const attention = make(0.4);
    const random = createRandom(2);
    const query = normal([1, 2, 6], 7);
    const memory = normal([1, 3, 4], 8);
    const run = (options = {}) =>
      tf.tidy(() => {
        const projected = attention.project(memory);
        return attention.attend(attention.query.forward(query), projected, options).output;
      });
    const mean = tf.tidy(() =>
      tf.div(tf.addN(Array.from({ length: 600 }, () => run({ random }))), 600),
    );
    expectClose(mean, run(), 0.1);
    await expectNoLeak(() => run({ random }).dispose());
  });

  test("rejects heads that do not divide the size", () => {
    expect(() => new MultiHeadAttention({ size: 6, heads: 4 })).toThrow("4 heads do not divide");
  });
});
