import { expectTrainsAndDecodes, makeSource, vocabularies } from "@attend/decoder-kit";
import { createRandom } from "@attend/runtime";
import { allConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { convS2SConfigSchema, createConvS2S } from "../src/index.ts";

useEngine();

const configs = allConfigs(
  {
    sourceVocabularySize: [vocabularies.sourceVocabularySize],
    targetVocabularySize: [vocabularies.targetVocabularySize],
    embeddingSize: [3],
    "encoder.layers": [1, 2],
    "encoder.size": [2],
    "encoder.width": [2, 3],
    "decoder.layers": [1, 2],
    "decoder.size": [2],
    "decoder.width": [2, 3],
    maxPositions: [8],
    tied: [true, false],
    dropout: [0.5],
  },
  (config) => convS2SConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const model = createConvS2S(config, createRandom(1));
  expectTrainsAndDecodes(model, (lengths, options) => model.encode(makeSource(lengths), options));
});
