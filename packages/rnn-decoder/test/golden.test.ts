import { crossEntropy, setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createAttentionDecoder } from "../src/index.ts";
import { forwardWithAttention } from "./support/models.ts";

const [vocabularySize, memorySize, embeddingSize, hiddenSize, attentionSize] = [9, 4, 6, 6, 4];
const [rows, positions, steps] = [2, 5, 4];

interface Golden {
  readonly map: number[];
  readonly pooled: number[];
  readonly tokens: number[];
  readonly targets: number[];
  readonly cases: readonly {
    readonly config: object;
    readonly weights: Readonly<Record<string, number[]>>;
    readonly logits: number[];
    readonly attention: number[];
    readonly loss: number;
    readonly gradients: Readonly<Record<string, number[]>>;
  }[];
}

const golden = loadGolden<Golden>(
  new URL("./golden/attention-decoder.golden.json", import.meta.url),
);

useEngine();

test.each(golden.cases)("forward and backward pass equal PyTorch's: $config", (expected) => {
  const sizes = { vocabularySize, memorySize, embeddingSize, hiddenSize, attentionSize };
  const decoder = createAttentionDecoder({ ...sizes, ...expected.config }, createRandom(0));
  const parameters = decoder.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(expected.weights).sort());
  for (const [name, parameter] of parameters) {
    setParameter(parameter, Float32Array.from(expected.weights[name] ?? []));
  }
  const encoding = {
    map: tf.tensor3d(golden.map, [rows, positions, memorySize]),
    pooled: tf.tensor2d(golden.pooled, [rows, memorySize]),
  };
  const { value, grads } = tf.variableGrads(() => {
    const tokens = tf.tensor2d(golden.tokens, [rows, steps], "int32");
    const { logits, attention } = forwardWithAttention(decoder, tokens, decoder.start(encoding));
    const flat = tf.reshape<tf.Rank.R2>(logits, [rows * steps, vocabularySize]);
    expectClose(tf.reshape(logits, [-1]), expected.logits, 2e-5);
    expectClose(tf.reshape(attention, [-1]), expected.attention);
    return tf.mean(crossEntropy(flat, tf.tensor1d(golden.targets, "int32"))) as tf.Scalar;
  });
  expectClose(value, expected.loss);
  for (const [name, parameter] of parameters) {
    const gradient = grads[parameter.name];
    expectClose(tf.reshape(gradient ?? 0, [-1]), expected.gradients[name] ?? [], 2e-5);
  }
});
