import { expectTrainsAndDecodes, makeSource, vocabularies } from "@attend/decoder-kit";
import { createRandom } from "@attend/runtime";
import { allConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { createTransformer, transformerConfigSchema } from "../src/index.ts";

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
