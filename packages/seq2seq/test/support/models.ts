import type { SourceBatch } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import {
  createSeq2seq,
  type Seq2seq,
  type Seq2seqConfigInput,
  type Seq2seqPreset,
  seq2seqPresets,
} from "../../src/index.ts";

const { sutskever, cho, bahdanau, luong, gnmt, "gnmt-small": gnmtSmall } = seq2seqPresets;
const tiny = { embeddingSize: 6, hiddenSize: 6 };
const layers = <Part extends { layers: number }>(part: Part, count: number) => ({
  ...part,
  layers: count,
});

/** The presets with tiny sizes. */
export const presets: Readonly<Record<string, Seq2seqPreset>> = {
  sutskever: {
    ...sutskever,
    ...tiny,
    encoder: layers(sutskever.encoder, 2),
    decoder: layers(sutskever.decoder, 2),
  },
  cho: { ...cho, ...tiny, readoutSize: 5 },
  bahdanau: { ...bahdanau, ...tiny, readoutSize: 5 },
  luong: {
    ...luong,
    ...tiny,
    encoder: layers(luong.encoder, 2),
    decoder: layers(luong.decoder, 2),
  },
  gnmt: { ...gnmt, ...tiny, encoder: layers(gnmt.encoder, 4), decoder: layers(gnmt.decoder, 4) },
  "gnmt-small": { ...gnmtSmall, ...tiny },
};

const after = { kind: "luong" } as const;

/** All kinds of attention, and each other option once. */
export const variants: Readonly<Record<string, Seq2seqPreset>> = {
  ...presets,
  "no attention, tanh": { ...tiny, decoder: { layers: 2 } },
  "luong, from zeros": { ...tiny, decoder: { start: "zero" }, attention: after },
  "luong without input feeding": { ...tiny, attention: { ...after, score: "plain-dot" } },
  "luong, the summary in each step": {
    ...tiny,
    decoder: { summaryEveryStep: true },
    attention: after,
  },
  "bahdanau, the summary in each step": {
    ...tiny,
    decoder: { summaryEveryStep: true },
    attention: { kind: "bahdanau" },
  },
  "luong, maxout": { ...tiny, attention: { ...after, score: "dot" }, readout: "maxout" },
  "gnmt with input feeding": {
    ...tiny,
    decoder: { layers: 3, residual: true },
    attention: { kind: "gnmt", inputFeeding: true },
    readout: "tanh",
  },
  "local-m": { ...tiny, attention: { ...after, scope: "local-m", window: 1 } },
  "local-p": { ...tiny, attention: { ...after, scope: "local-p", window: 2, inputFeeding: true } },
  monotonic: { ...tiny, attention: { ...after, scope: "monotonic" } },
  "monotonic, before": { ...tiny, attention: { kind: "bahdanau", scope: "monotonic" } },
  coverage: { ...tiny, attention: { ...after, coverage: true, score: "concat" } },
  "coverage, before": { ...tiny, attention: { kind: "bahdanau", coverage: true, size: 4 } },
  "one table, copied from backwards": {
    ...tiny,
    tiedEmbeddings: "all",
    encoder: { bidirectional: "all", layers: 2 },
    decoder: { layers: 2, start: "copy", residual: true },
    attention: after,
  },
};

export const vocabularies = { sourceVocabularySize: 11, targetVocabularySize: 11 };

/** A model with weights large enough for its choices to differ; the caller disposes it. */
export function makeModel(config: Seq2seqPreset, seed = 1): Seq2seq {
  const random = createRandom(seed);
  const complete: Seq2seqConfigInput = { ...config, ...vocabularies };
  const model = createSeq2seq(complete, random);
  for (const parameter of model.parameters()) {
    const values = Float32Array.from({ length: parameter.size }, () => 0.7 * random.normal());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
  return model;
}

/** Sources of 5, 3 and 4 words; padding is word 0. */
export function makeSource(rows = 3, seed = 1): SourceBatch {
  const random = createRandom(seed);
  const lengths = Array.from({ length: rows }, (_, row) => 3 + ((row + 2) % 3) * 1);
  const tokens = lengths.map((length) =>
    Array.from({ length: 5 }, (_, i) => (i < length ? 4 + random.integer(7) : 0)),
  );
  return sourceOf(tokens, lengths);
}

export function sourceOf(
  tokens: readonly (readonly number[])[],
  lengths: readonly number[],
): SourceBatch {
  return {
    tokens: tf.tensor2d(
      tokens.map((row) => [...row]),
      undefined,
      "int32",
    ),
    lengths,
  };
}

/** Targets for three sources. */
export const makeTokens = () => tf.tensor2d([1, 4, 5, 9, 1, 6, 7, 2, 1, 8, 9, 10], [3, 4], "int32");
