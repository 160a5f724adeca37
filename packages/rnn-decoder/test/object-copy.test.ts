import { beamSearch, type EncodedImage, expand } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createAttentionDecoder } from "../src/index.ts";
import { forwardWithAttention, makeDecoder, makeEncoding, special } from "./support/models.ts";

useEngine();

const objectWords = 3;

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
    const showing = (names: readonly number[]): EncodedImage => ({
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
