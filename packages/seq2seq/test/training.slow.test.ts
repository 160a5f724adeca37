import { forward } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createSeq2seq, type Seq2seq } from "../src/index.ts";
import { presets, sourceOf, variants } from "./support/models.ts";

useEngine();

const vocabulary = 40;
// Ten pairs: the first two source words determine the target words, the third is noise; with start (1)
// and end (2).
const pairs = [...Array(10).keys()].map((i) => ({
  source: [4 + i, 14 + ((3 * i) % 7), ...(i % 2 ? [30] : [])],
  target: [1, 20 + ((3 * i) % 7), 4 + i, 2],
}));
const batch = () =>
  sourceOf(
    pairs.map(({ source }) => [...source, 0].slice(0, 3)),
    pairs.map(({ source }) => source.length),
  );

function lossOf(model: Seq2seq): tf.Scalar {
  const inputs = tf.tensor2d(
    pairs.map(({ target }) => target.slice(0, 3)),
    [10, 3],
    "int32",
  );
  const state = model.start(model.encode(batch()));
  const { features } = model.features(inputs, state);
  const logits = model.project(tf.reshape(features, [30, -1]));
  const targets = tf.tensor1d(
    pairs.flatMap(({ target }) => target.slice(1)),
    "int32",
  );
  return tf.mean(crossEntropy(logits, targets)) as tf.Scalar;
}

const fresh = (name: string) =>
  createSeq2seq(
    {
      ...(presets[name] ?? {}),
      embeddingSize: 24,
      hiddenSize: 24,
      ...(presets[name]?.readoutSize === undefined ? {} : { readoutSize: 24 }),
      dropout: 0,
      sourceVocabularySize: vocabulary,
      targetVocabularySize: vocabulary,
    },
    createRandom(1),
  );

describe.each(Object.keys(presets))("a small %s", (name) => {
  test("the initial loss is about ln V, and ten pairs are memorized", () => {
    const model = fresh(name);
    const first = tf.tidy(() => lossOf(model).dataSync()[0] ?? 0);
    expect(Math.abs(first - Math.log(vocabulary))).toBeLessThan(0.2);
    const adam = tf.train.adam(0.02);
    let loss = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 200 && loss > 0.05; step++) {
      const value = adam.minimize(() => lossOf(model), true, model.parameters());
      loss = value?.dataSync()[0] ?? loss;
      value?.dispose();
    }
    expect(loss).toBeLessThan(0.05);
    adam.dispose();
    model.dispose();
  }, 600_000);
});

// Presets with golden values are compared to PyTorch; a maximum and a hard choice have kinks.
test.each(["cho", "local-p", "coverage, before", "gnmt with input feeding"])(
  "%s: gradients agree with central differences",
  (name) => {
    const sizes = { embeddingSize: 2, hiddenSize: 2, readoutSize: 2 };
    const vocabularies = { sourceVocabularySize: 4, targetVocabularySize: 4 };
    const model = createSeq2seq(
      { ...(variants[name] ?? {}), ...sizes, ...vocabularies, readout: "tanh" },
      createRandom(5),
    );
    const source = sourceOf(
      [
        [3, 2, 1],
        [1, 2, 0],
      ],
      [3, 2],
    );
    const tokens = tf.tensor2d([1, 2, 3, 0], [2, 2], "int32");
    const weighting = tf.randomNormal([2, 2, 4], 0, 1, "float32", 1);
    checkVariableGradients(() => {
      const { logits } = forward(model, tokens, model.start(model.encode(source)));
      return tf.sum(tf.mul(weighting, logits));
    }, model.namedParameters());
  },
  60_000,
);
