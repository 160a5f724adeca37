import { expectTrainsAndDecodes, makeSource, vocabularies } from "@attend/decoder-kit";
import { createRandom, tf } from "@attend/runtime";
import { allConfigs, pairwiseConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import {
  captionDecoderConfigSchema,
  createCaptionDecoder,
  createTransformer,
  transformerConfigSchema,
} from "../src/index.ts";

useEngine();

const configs = allConfigs(
  {
    ...Object.fromEntries(Object.entries(vocabularies).map(([name, size]) => [name, [size]])),
    size: [4],
    heads: [2],
    feedForwardSize: [3],
    encoderLayers: [1],
    decoderLayers: [1],
    maxPositions: [8],
    norm: transformerConfigSchema.shape.norm.unwrap().options,
    positions: transformerConfigSchema.shape.positions.unwrap().options,
    activation: transformerConfigSchema.shape.activation.unwrap().options,
    tied: transformerConfigSchema.shape.tied.unwrap().options,
    dropout: [0.5],
  },
  (config) => transformerConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const model = createTransformer(config, createRandom(1));
  expectTrainsAndDecodes(model, (lengths, options) => model.encode(makeSource(lengths), options));
});

const captionConfigs = pairwiseConfigs(
  {
    vocabularySize: [9],
    memorySize: [3],
    size: [4],
    heads: [2],
    feedForwardSize: [3],
    encoderLayers: [0, 1],
    decoderLayers: [1],
    maxPositions: [8],
    norm: captionDecoderConfigSchema.shape.norm.unwrap().options,
    positions: captionDecoderConfigSchema.shape.positions.unwrap().options,
    activation: captionDecoderConfigSchema.shape.activation.unwrap().options,
    dropout: [0.5],
    memoryDropout: [0.5],
    objectWords: [0, 3],
  },
  (config) => captionDecoderConfigSchema.safeParse(config).data,
);

test.each(captionConfigs)("captions: trains and decodes: %j", (config) => {
  const decoder = createCaptionDecoder(config, createRandom(1));
  expectTrainsAndDecodes(decoder, (lengths) => ({
    // Images have no padding: all have the positions of the longest.
    map: tf.randomUniform([lengths.length, Math.max(...lengths), 3], -1, 1, "float32", 1),
    pooled: tf.randomUniform([lengths.length, 3], -1, 1, "float32", 2),
    ...(config.objectWords > 0 && {
      objects: tf.randomUniform<tf.Rank.R2>([lengths.length, 3], -9, 0, "float32", 3),
    }),
  }));
});
