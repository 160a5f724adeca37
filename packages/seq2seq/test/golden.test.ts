import { forward } from "@attend/decoding";
import { crossEntropy, setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { bahdanau, createSeq2seq, gnmt, luong, type Seq2seqPreset } from "../src/index.ts";

const [vocabulary, rows, positions, steps] = [9, 3, 5, 4];
const sizes = { embeddingSize: 3, hiddenSize: 4, dropout: 0 };
const configs: Readonly<Record<string, Seq2seqPreset>> = {
  bahdanau: { ...bahdanau, ...sizes, readoutSize: 4 },
  luong: {
    ...luong,
    ...sizes,
    encoder: { ...luong.encoder, layers: 2 },
    decoder: { ...luong.decoder, layers: 2 },
  },
  gnmt: {
    ...gnmt,
    ...sizes,
    encoder: { ...gnmt.encoder, layers: 3 },
    decoder: { ...gnmt.decoder, layers: 3 },
  },
};

interface Golden {
  readonly source: number[];
  readonly lengths: number[];
  readonly target: number[];
  readonly expected: number[];
  readonly cases: readonly {
    readonly preset: string;
    readonly weights: Readonly<Record<string, number[]>>;
    readonly logits: number[];
    readonly attention: number[];
    readonly loss: number;
    readonly gradients: Readonly<Record<string, number[]>>;
  }[];
}

const golden = loadGolden<Golden>(new URL("./golden/seq2seq.golden.json", import.meta.url));

useEngine();

test.each(golden.cases)("$preset: forward and backward pass equal PyTorch's", (expected) => {
  const model = createSeq2seq(
    {
      ...configs[expected.preset],
      sourceVocabularySize: vocabulary,
      targetVocabularySize: vocabulary,
    },
    createRandom(0),
  );
  const parameters = model.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(expected.weights).sort());
  for (const [name, parameter] of parameters) {
    setParameter(parameter, Float32Array.from(expected.weights[name] ?? []));
  }
  const { value, grads } = tf.variableGrads(() => {
    const encoding = model.encode({
      tokens: tf.tensor2d(golden.source, [rows, positions], "int32"),
      lengths: golden.lengths,
    });
    const tokens = tf.tensor2d(golden.target, [rows, steps], "int32");
    const { logits, attention } = forward(model, tokens, model.start(encoding));
    expectClose(tf.reshape(logits, [-1]), expected.logits, 2e-5);
    expectClose(tf.reshape(attention ?? 0, [-1]), expected.attention);
    const flat = tf.reshape<tf.Rank.R2>(logits, [rows * steps, vocabulary]);
    return tf.mean(crossEntropy(flat, tf.tensor1d(golden.expected, "int32"))) as tf.Scalar;
  });
  expectClose(value, expected.loss);
  for (const [name, parameter] of parameters) {
    const gradient = grads[parameter.name];
    expectClose(tf.reshape(gradient ?? 0, [-1]), expected.gradients[name] ?? [], 2e-5);
  }
});
