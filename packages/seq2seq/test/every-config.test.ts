import { attentionScopes, scoreNames } from "@attend/attention";
import { expectTrainsAndDecodes, makeSource, vocabularies } from "@attend/decoder-kit";
import { recurrentConfigSchema } from "@attend/recurrent";
import { createRandom } from "@attend/runtime";
import { pairwiseConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { createSeq2seq, seq2seqConfigSchema } from "../src/index.ts";

useEngine();

const cells = recurrentConfigSchema.shape.cell.options;
const both = [false, true];

const configs = pairwiseConfigs(
  {
    sourceVocabularySize: [vocabularies.sourceVocabularySize],
    targetVocabularySize: [vocabularies.targetVocabularySize],
    embeddingSize: [2],
    hiddenSize: [2, 3],
    "encoder.cell": cells,
    "encoder.layers": [1, 2],
    "encoder.bidirectional": ["none", "first", "all"],
    "encoder.residual": both,
    "encoder.reverse": both,
    "decoder.cell": cells,
    "decoder.layers": [1, 2, 3],
    "decoder.residual": both,
    "decoder.start": ["zero", "summary", "copy"],
    "decoder.summaryEveryStep": both,
    "attention.kind": ["none", "bahdanau", "luong", "gnmt"],
    "attention.score": scoreNames,
    "attention.scope": attentionScopes,
    "attention.window": [1],
    "attention.inputFeeding": both,
    "attention.coverage": both,
    tiedEmbeddings: ["none", "output", "all"],
    readout: ["state", "tanh", "maxout"],
    dropout: [0, 0.5],
    embeddingDropout: [0, 0.5],
  },
  (config) => seq2seqConfigSchema.safeParse(config).data,
);

test.each(configs)("trains and decodes: %j", (config) => {
  const model = createSeq2seq(config, createRandom(1));
  expectTrainsAndDecodes(model, (lengths, options) => model.encode(makeSource(lengths), options));
});
