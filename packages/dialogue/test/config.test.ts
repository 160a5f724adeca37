import { expectTrainsAndDecodes, makeSource, vocabularies } from "@attend/decoder-kit";
import { recurrentConfigSchema } from "@attend/recurrent";
import { createRandom } from "@attend/runtime";
import { pairwiseConfigs, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createDialogue, type DialogueConfigInput, dialogueConfigSchema } from "../src/index.ts";
import { end, kinds } from "./support/networks.ts";

useEngine();

const vocabularySize = vocabularies.targetVocabularySize;

const configs = pairwiseConfigs(
  {
    vocabularySize: [vocabularySize],
    end: [end],
    kind: kinds,
    turns: [1, 2],
    "context.cell": recurrentConfigSchema.shape.cell.options,
    "context.layers": [1, 2],
    network: [
      { hiddenSize: 2, embeddingSize: 2, attention: { kind: "bahdanau" } },
      {
        hiddenSize: 2,
        embeddingSize: 3,
        encoder: { layers: 2, bidirectional: "first" },
        dropout: 0.5,
      },
    ],
  },
  (config) => dialogueConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const model = createDialogue(config, createRandom(1));
  expectTrainsAndDecodes(model, (lengths, options) => model.encode(makeSource(lengths), options));
});

test.each<[DialogueConfigInput, string]>([
  [{ vocabularySize, end, turns: 0 }, "turns: "],
  [{ vocabularySize: 1, end }, "vocabularySize: "],
  [
    { vocabularySize, end, network: { decoder: { start: "copy" } } },
    'network.decoder.start: "copy" requires the kind "plain"',
  ],
  [
    { vocabularySize, end, network: { encoder: { reverse: true } } },
    'network.encoder.reverse: requires the kind "plain"',
  ],
])("rejects %j", (config, message) => {
  expect(() => createDialogue(config)).toThrow(`dialogue config: `);
  expect(() => createDialogue(config)).toThrow(message);
});
