import { expectTrainsAndDecodes } from "@attend/decoder-kit";
import { recurrentConfigSchema } from "@attend/recurrent";
import { createRandom } from "@attend/runtime";
import { pairwiseConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { languageModelConfigSchema } from "../src/config.ts";
import { LanguageNetwork } from "../src/network.ts";

useEngine();

const { cell, connections } = recurrentConfigSchema.shape;
const configs = pairwiseConfigs(
  {
    embedding: ["one-hot", 2, 3],
    inputDropout: [0, 0.5],
    "recurrent.cell": cell.options,
    "recurrent.units": [3],
    "recurrent.layers": [1, 2],
    "recurrent.connections": connections.unwrap().options,
    "recurrent.dropout": [0, 0.5],
    outputDropout: [0, 0.5],
    tiedWeights: [false, true],
  },
  (config) => languageModelConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const network = new LanguageNetwork(config, 9, createRandom(1));
  expectTrainsAndDecodes(network, (lengths) => lengths.length);
});
