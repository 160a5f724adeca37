import { expectTrainsAndDecodes } from "@attend/decoder-kit";
import { createRandom, tf } from "@attend/runtime";
import { allConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { attentionDecoderConfigSchema, createAttentionDecoder } from "../src/index.ts";

useEngine();

const { score, placement } = attentionDecoderConfigSchema.shape;
const configs = allConfigs(
  {
    vocabularySize: [9],
    memorySize: [3],
    embeddingSize: [2],
    hiddenSize: [2],
    attentionSize: [2],
    score: score.unwrap().options,
    placement: placement.unwrap().options,
    languageLayer: [false, true],
    gate: [false, true],
    dropout: [0.5],
    memoryDropout: [0.5],
    objectWords: [0, 3],
  },
  (config) => attentionDecoderConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const decoder = createAttentionDecoder(config, createRandom(1));
  expectTrainsAndDecodes(decoder, (lengths) => ({
    // Images have no padding: all have the positions of the longest.
    map: tf.randomUniform([lengths.length, Math.max(...lengths), 3], -1, 1, "float32", 1),
    pooled: tf.randomUniform([lengths.length, 3], -1, 1, "float32", 2),
    ...(config.objectWords > 0 && {
      objects: tf.randomUniform<tf.Rank.R2>([lengths.length, 3], -9, 0, "float32", 3),
    }),
  }));
});
