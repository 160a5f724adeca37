import { createRandom, tf } from "@attend/runtime";
import { checkGradient, checkVariableGradients, expectClose, useEngine } from "@attend/test-kit";
import { describe, test } from "vitest";
import { ObjectCopy } from "../src/index.ts";

useEngine();

const draw = (shape: [number, number], seed: number, low = -2, high = 2) =>
  tf.randomUniform<tf.Rank.R2>(shape, low, high, "float32", seed);

describe("mix", () => {
  const inputs = () => ({
    features: draw([4, 5], 1),
    logits: draw([4, 7], 2),
    names: draw([3, 5], 3),
    objects: draw([4, 3], 4, -12, 0),
  });

  test("is the sum of both distributions, computed number by number", () => {
    const copy = new ObjectCopy(5, createRandom(1));
    const { features, logits, names, objects } = inputs();
    const mixed = copy.mix(features, logits, names, objects).arraySync();
    const query = copy.query.forward(features).arraySync();
    const [scoresOf, written] = [objects.arraySync(), tf.softmax(logits).arraySync()];
    const table = names.arraySync();
    const gateKernel = copy.gate.kernel.arraySync() as number[][];
    for (const [row, vector] of features.arraySync().entries()) {
      const scores = (scoresOf[row] ?? []).map((prior, w) => {
        const dot = (query[row] ?? []).reduce((sum, q, i) => sum + q * (table[w]?.[i] ?? 0), 0);
        return prior + dot / Math.sqrt(5);
      });
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      const pointer = scores.map((score) => Math.exp(score) / total);
      const context = [0, 1, 2, 3, 4].map((i) =>
        pointer.reduce((sum, weight, w) => sum + weight * (table[w]?.[i] ?? 0), 0),
      );
      const input = [...vector, ...context, Math.log(total)];
      const z = input.reduce((sum, x, i) => sum + x * (gateKernel[i]?.[0] ?? 0), 0);
      const gate = 1 / (1 + Math.exp(-z));
      const expected = (written[row] ?? []).map(
        (p, w) => (1 - gate) * p + (w >= 4 ? gate * (pointer[w - 4] ?? 0) : 0),
      );
      expectClose((mixed[row] ?? []).map(Math.exp), expected, 1e-5);
    }
  });

  test("sums to one, with a recognized object as well as without any", () => {
    const copy = new ObjectCopy(5, createRandom(1));
    const { features, logits, names } = inputs();
    for (const prior of [0, -11.5, -60]) {
      const mixed = copy.mix(features, logits, names, tf.fill<tf.Rank.R2>([4, 3], prior));
      expectClose(tf.sum(tf.exp(mixed), 1), tf.ones([4]), 1e-5);
    }
  });

  test("numeric gradients", () => {
    const copy = new ObjectCopy(5, createRandom(1));
    checkGradient(
      (...[features, logits, names, objects]) =>
        copy.mix(
          features as tf.Tensor2D,
          logits as tf.Tensor2D,
          names as tf.Tensor2D,
          objects as tf.Tensor2D,
        ),
      Object.values(inputs()),
    );
    const { features, logits, names, objects } = inputs();
    const loss = () => tf.slice(copy.mix(features, logits, names, objects), [0, 4]);
    checkVariableGradients(loss, copy.namedParameters());
  });
});
