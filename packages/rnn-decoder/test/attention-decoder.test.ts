import { expand } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, type Random, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createAttentionDecoder } from "../src/index.ts";
import { forwardWithAttention, makeDecoder, makeEncoding, variants } from "./support/models.ts";

useEngine();

const tokens = () => tf.tensor2d([1, 4, 5, 9, 1, 6, 7, 2, 1, 8, 9, 10], [3, 4], "int32");

describe.each(variants)("$placement $score, language $languageLayer, gate $gate", (config) => {
  test("calling step repeatedly equals forward", () => {
    const decoder = makeDecoder(config);
    const start = decoder.start(makeEncoding(3));
    const { logits, attention } = forwardWithAttention(decoder, tokens(), start);
    expect(logits.shape).toEqual([3, 4, 11]);
    expect(attention.shape).toEqual([3, 4, 5]);
    expectClose(tf.sum(attention, 2), tf.ones([3, 4]));
    let state = start;
    tf.unstack(tokens(), 1).forEach((column, t) => {
      const stepped = decoder.step(column as tf.Tensor1D, state);
      expectClose(stepped.logits, tf.squeeze(tf.slice(logits, [0, t, 0], [-1, 1, -1]), [1]));
      expectClose(stepped.attention, tf.squeeze(tf.slice(attention, [0, t, 0], [-1, 1, -1]), [1]));
      state = stepped.state;
    });
  });

  test("expanded and reordered rows continue like their original rows", () => {
    const decoder = makeDecoder(config);
    const [one, two, three] = tf.unstack(tokens(), 1) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const { state } = decoder.step(one, decoder.start(makeEncoding(3)));
    const twice = (rows: tf.Tensor1D) => tf.gather(rows, tf.tensor1d([0, 0, 1, 1, 2, 2], "int32"));
    const expanded = expand(decoder, state, 2);
    expectClose(
      decoder.step(twice(two), expanded).logits,
      tf.gather(decoder.step(two, state).logits, tf.tensor1d([0, 0, 1, 1, 2, 2], "int32")),
    );
    const diverged = decoder.step(tf.tensor1d([4, 5, 6, 7, 8, 9], "int32"), expanded).state;
    const order = tf.tensor1d([1, 0, 3, 3, 4, 5], "int32"); // within each image
    expectClose(
      decoder.step(twice(three), decoder.reorder(diverged, order)).logits,
      tf.gather(decoder.step(twice(three), diverged).logits, order),
    );
  });

  test("every parameter gets a gradient, and no tensors leak", async () => {
    const decoder = makeDecoder(config);
    const [encoding, inputs] = [makeEncoding(3), tokens()];
    const [first] = tf.unstack(inputs, 1) as [tf.Tensor1D];
    const loss = () => {
      const random = createRandom(1);
      const { logits } = forwardWithAttention(
        decoder,
        inputs,
        decoder.start(encoding, { random }),
        { random },
      );
      return tf.mean(tf.square(logits)) as tf.Scalar;
    };
    tf.dispose(tf.variableGrads(loss)); // the kernels' constants
    await expectNoLeak(() => {
      const { value, grads } = tf.variableGrads(loss);
      for (const [name, parameter] of decoder.namedParameters()) {
        const size = tf.tidy(() => tf.sum(tf.abs(grads[parameter.name] ?? 0)).dataSync()[0]);
        expect(size, name).toBeGreaterThan(0);
      }
      tf.dispose([value, grads]);
      const state = decoder.start(encoding);
      const stepped = decoder.step(first, state);
      const forwarded = forwardWithAttention(decoder, inputs, state);
      const { image, keys, values, ...recurrent } = stepped.state;
      expect([image, keys, values]).toEqual([state.image, state.keys, state.values]);
      tf.dispose([{ ...state }, { ...recurrent }, stepped.logits, stepped.attention]);
      tf.dispose([forwarded.logits, forwarded.attention]);
    });
  });
});

describe("training", () => {
  const vocabularySize = 60;
  const fresh = (placement: "before" | "after") =>
    createAttentionDecoder(
      {
        vocabularySize,
        memorySize: 6,
        embeddingSize: 24,
        hiddenSize: 32,
        attentionSize: 16,
        placement,
      },
      createRandom(1),
    );
  // Ten captions of three words with start (1) and end (2), for one image each.
  const words = [...Array(10).keys()].map((i) => [1, 4 + i, 14 + ((7 * i) % 10), 24 + (i % 3), 2]);
  const flat = (from: number) => words.map((caption) => caption.slice(from, from + 4));

  function lossOf(decoder: ReturnType<typeof fresh>, encoding = makeEncoding(10)): tf.Scalar {
    const inputs = tf.tensor2d(flat(0), [10, 4], "int32");
    const targets = tf.tensor1d(flat(1).flat(), "int32");
    const { logits } = forwardWithAttention(decoder, inputs, decoder.start(encoding));
    return tf.mean(
      crossEntropy(tf.reshape<tf.Rank.R2>(logits, [40, vocabularySize]), targets),
    ) as tf.Scalar;
  }

  test.each(["before", "after"] as const)("%s: the first loss is about ln V", (placement) => {
    const loss = lossOf(fresh(placement)).dataSync()[0] ?? 0;
    expect(Math.abs(loss - Math.log(vocabularySize))).toBeLessThan(0.15);
  });

  test.each(["before", "after"] as const)(
    "%s: memorizes ten captions",
    (placement) => {
      const [decoder, encoding] = [fresh(placement), makeEncoding(10)];
      const adam = tf.train.adam(0.03);
      let loss = Number.POSITIVE_INFINITY;
      for (let step = 0; step < 150 && loss > 0.05; step++) {
        const value = adam.minimize(() => lossOf(decoder, encoding), true, decoder.parameters());
        loss = value?.dataSync()[0] ?? loss;
        value?.dispose();
      }
      expect(loss).toBeLessThan(0.05);
      adam.dispose();
    },
    120_000,
  );

  test("dropout changes a training pass, reproducibly", () => {
    const decoder = makeDecoder({ dropout: 0.5 });
    const pass = (seed: number) => {
      const random = createRandom(seed);
      return forwardWithAttention(decoder, tokens(), decoder.start(makeEncoding(3), { random }), {
        random,
      }).logits;
    };
    expectClose(pass(1), pass(1), 0);
    expect(() => expectClose(pass(1), pass(2))).toThrow("not close");
  });

  test("memory dropout drops the same channels at all positions, only in training", () => {
    const decoder = makeDecoder({ dropout: 0, memoryDropout: 0.5 });
    const start = (map: tf.Tensor3D, random?: Random) =>
      decoder.start({ map, pooled: tf.mean(map, 1) }, random && { random });
    // Equal positions stay equal when a channel is dropped.
    const row = tf.randomUniform([2, 1, 6], 0.5, 1, "float32", 1);
    const map = tf.tile<tf.Tensor3D>(row as tf.Tensor3D, [1, 4, 1]);
    const [plain, dropped] = [start(map), start(map, createRandom(3))];
    const first = tf.slice(dropped.values, [0, 0, 0], [-1, 1, -1]);
    expectClose(dropped.values, tf.tile(first, [1, 4, 1]));
    expect(() => expectClose(dropped.values, plain.values)).toThrow("not close");
    expect(() => expectClose(dropped.recurrent.h, plain.recurrent.h)).toThrow("not close");
    expectClose(start(map).values, plain.values, 0);
  });
});

describe("errors", () => {
  test("an invalid and an unknown key of the config", () => {
    const config = { vocabularySize: 10, memorySize: 4, hiddenSize: 0, beamWidth: 3 };
    expect(() => createAttentionDecoder(config, createRandom(1))).toThrow(
      /decoder config: .*hiddenSize|decoder config: .*beamWidth/s,
    );
  });

  test("an encoding whose channels differ from the config's", () => {
    const encoding = { map: tf.zeros<tf.Rank.R3>([1, 5, 7]), pooled: tf.zeros<tf.Rank.R2>([1, 7]) };
    expect(() => makeDecoder().start(encoding)).toThrow(
      "the encoding has 7 channels (pooled 7), the decoder expects 6",
    );
  });
});

test("every configuration trains on captions of one word", () => {
  for (const config of variants) {
    const decoder = makeDecoder(config);
    const one = tf.tensor2d([1, 1, 1], [3, 1], "int32");
    const { value, grads } = tf.variableGrads(() => {
      const { logits } = forwardWithAttention(decoder, one, decoder.start(makeEncoding(3)));
      return tf.mean<tf.Scalar>(tf.square(logits));
    }, decoder.parameters());
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    expect(Object.keys(grads)).toHaveLength(decoder.parameters().length);
    tf.dispose([value, grads]);
    decoder.dispose();
  }
});
