import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import {
  AnswerClasses,
  createFusion,
  type FusionConfigInput,
  fusionConfigSchema,
} from "../src/index.ts";
import { makeImage, sizes } from "./support/batches.ts";

useEngine();

/** Two questions about each of five images, all with different answers. */
const words = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? [3, 4, 5] : [3, 6, 0]));
const lengths = words.map((_, i) => (i % 2 === 0 ? 3 : 2));
const imageOfRow = words.map((_, i) => Math.floor(i / 2));

const shared = { ...sizes, embeddingSize: 16 };
const gru = { kind: "gru", size: 32 } as const;
const transformer = { size: 16, heads: 2, layers: 1, feedForwardSize: 32 };
const configs: readonly FusionConfigInput[] = [
  { kind: "initial-state", ...shared, question: { kind: "lstm", size: 32 } },
  { kind: "first-word", ...shared, question: { kind: "lstm", size: 32 } },
  { kind: "last-word", ...shared, question: gru },
  { kind: "concatenation", ...shared, question: { kind: "bag-of-words" }, size: 32 },
  { kind: "product", ...shared, question: { kind: "transformer", ...transformer }, size: 32 },
  { kind: "stacked", ...shared, question: gru, attentionSize: 16 },
  { kind: "co-attention", ...shared, size: 32, attentionSize: 16 },
  { kind: "gated", ...shared, question: gru, size: 32, attentionSize: 16 },
  { kind: "low-rank-bilinear", ...shared, question: gru, size: 32 },
  { kind: "word-guided", ...shared, question: gru, size: 32, words: [3, 5] },
  { kind: "film", ...shared, question: gru, size: 16 },
  { kind: "cross-modal", ...shared, ...transformer },
];

test("every kind that sees the image is among the configurations", () => {
  const kinds = fusionConfigSchema.options.map(({ shape }) => shape.kind.value);
  expect(configs.map(({ kind }) => kind)).toEqual(kinds.filter((kind) => kind !== "blind"));
});

test.each(configs)("learns ten answers by heart: $kind", (config) => {
  const random = createRandom(1);
  const fusion = createFusion(config, random);
  const answers = new AnswerClasses(fusion.size, 10, {}, random);
  const question = { tokens: tf.tensor2d(words, undefined, "int32"), lengths };
  const { map, pooled } = makeImage(5);
  const rows = tf.tensor1d(imageOfRow, "int32");
  const image = { map: tf.gather(map, rows), pooled: tf.gather(pooled, rows) };
  const targets = tf.range(0, 10, 1, "int32");
  const optimizer = tf.train.adam(0.01);
  const parameters = [...fusion.parameters(), ...answers.parameters()];
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 300 && loss > 0.1; step++) {
    const value = optimizer.minimize(
      () => tf.mean(crossEntropy(answers.logits(fusion.fuse(question, image).joint), targets)),
      true,
      parameters,
    );
    loss = value?.dataSync()[0] ?? Number.NaN;
    value?.dispose();
  }
  expect(loss).toBeLessThan(0.1);
  optimizer.dispose();
  fusion.dispose();
  answers.dispose();
});
