import { beamSearch, expand } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createAttentionDecoder, type Encoding } from "../src/index.ts";
import { ObjectCopy } from "../src/object-copy.ts";
import { forwardWithAttention, makeDecoder, makeEncoding, special } from "./support/models.ts";

useEngine();

const objectWords = 3;
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

describe("a decoder with object words", () => {
  const tokens = () => tf.tensor2d([1, 4, 5, 9, 1, 6, 7, 2], [2, 4], "int32");

  test.each(["before", "after"] as const)(
    "%s: calling step repeatedly equals forward",
    (placement) => {
      const decoder = makeDecoder({ placement, objectWords });
      const start = decoder.start(makeEncoding(2, 1, objectWords));
      const { logits } = forwardWithAttention(decoder, tokens(), start);
      expectClose(tf.sum(tf.exp(logits), 2), tf.ones([2, 4]), 1e-5);
      let state = start;
      for (const [t, column] of tf.unstack(tokens(), 1).entries()) {
        const stepped = decoder.step(column as tf.Tensor1D, state);
        expectClose(stepped.logits, tf.squeeze(tf.slice(logits, [0, t, 0], [-1, 1, -1]), [1]));
        state = stepped.state;
      }
    },
  );

  test("rows keep their own image's objects", () => {
    const decoder = makeDecoder({ objectWords });
    const start = decoder.start(makeEncoding(2, 1, objectWords));
    const words = tf.tensor1d([4, 4, 4, 4], "int32");
    const both = decoder.step(words, expand(decoder, start, 2)).logits;
    const swapped = decoder.reorder(start, tf.tensor1d([1, 1, 0, 0], "int32"));
    const order = tf.tensor1d([2, 3, 0, 1], "int32");
    expectClose(decoder.step(words, swapped).logits, tf.gather(both, order));
  });

  test("learns to copy, and then names what no caption named", () => {
    const vocabularySize = 4 + 8;
    // Images differ in nothing but what is recognized in them: "5 <name> 2", for the first five of six names.
    const sizes = {
      memorySize: 2,
      embeddingSize: 12,
      hiddenSize: 12,
      attentionSize: 4,
      dropout: 0,
    };
    const config = { vocabularySize, objectWords: 6, ...sizes };
    const decoder = createAttentionDecoder(config, createRandom(1));
    const showing = (names: readonly number[]): Encoding => ({
      map: tf.ones([names.length, 3, 2]),
      pooled: tf.ones([names.length, 2]),
      objects: tf.log(tf.add(tf.mul(0.99, tf.oneHot(tf.tensor1d([...names], "int32"), 6)), 1e-5)),
    });
    const taught = [0, 1, 2, 3, 4];
    const encoding = showing(taught);
    const inputs = tf.tensor2d(
      taught.flatMap((name) => [1, 5, 6 + name]),
      [5, 3],
      "int32",
    );
    const targets = tf.tensor1d(
      taught.flatMap((name) => [5, 6 + name, 2]),
      "int32",
    );
    const adam = tf.train.adam(0.02);
    let loss = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 300 && loss > 0.02; step++) {
      const value = adam.minimize(
        () => {
          const { logits } = forwardWithAttention(decoder, inputs, decoder.start(encoding));
          const flat: tf.Tensor2D = tf.reshape(logits, [15, vocabularySize]);
          return tf.mean<tf.Scalar>(crossEntropy(flat, targets));
        },
        true,
        decoder.parameters(),
      );
      loss = value?.dataSync()[0] ?? loss;
      value?.dispose();
    }
    expect(loss).toBeLessThan(0.05);
    const options = { beamWidth: 2, maxLength: 4 };
    const [[best] = []] = beamSearch(decoder, showing([5]), special, options);
    expect(best?.tokens).toEqual([5, 11]);
    adam.dispose();
  });

  test("every parameter gets a gradient, and no tensors leak", async () => {
    const decoder = makeDecoder({ objectWords });
    const [encoding, inputs] = [makeEncoding(2, 1, objectWords), tokens()];
    const loss = () =>
      tf.mean<tf.Scalar>(
        tf.square(forwardWithAttention(decoder, inputs, decoder.start(encoding)).logits),
      );
    tf.dispose(tf.variableGrads(loss, decoder.parameters()));
    await expectNoLeak(() => {
      const { value, grads } = tf.variableGrads(loss, decoder.parameters());
      expect(Object.keys(grads)).toHaveLength(decoder.parameters().length);
      tf.dispose([value, grads]);
      tf.dispose({ ...decoder.start(encoding) });
    });
  });

  test("errors: missing objects, and more names than words", () => {
    expect(() => makeDecoder({ objectWords }).start(makeEncoding(2))).toThrow(
      "the encoding has 0 objects, the decoder expects 3",
    );
    expect(() => makeDecoder({ objectWords: 12 })).toThrow("12 objectWords do not fit");
  });
});
