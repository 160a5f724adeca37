import type { SourceBatch, SpecialTokens } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { type ConvS2S, type ConvS2SConfig, createConvS2S } from "../../src/index.ts";

export const special: SpecialTokens = { start: 1, end: 2, suppressed: [0, 3] };

export const sizes = {
  sourceVocabularySize: 13,
  targetVocabularySize: 13,
  embeddingSize: 8,
  encoder: { layers: 2, size: 6, width: 3 },
  decoder: { layers: 2, size: 10, width: 3 },
  maxPositions: 24,
  tied: true,
  dropout: 0,
} as const satisfies ConvS2SConfig;

/** A model with weights large enough for its choices to differ; the caller disposes it. */
export function makeModel(config: Partial<ConvS2SConfig> = {}, seed = 1): ConvS2S {
  const random = createRandom(seed);
  const model = createConvS2S({ ...sizes, ...config }, random);
  for (const parameter of model.parameters()) {
    const values = Float32Array.from({ length: parameter.size }, () => 0.6 * random.normal());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
  return model;
}

/** Sentences of the given lengths, padded by `padding`. */
export function makeSource(lengths: readonly number[], seed = 1, padding = 0): SourceBatch {
  const random = createRandom(seed);
  const longest = Math.max(...lengths);
  const rows = lengths.map((length) =>
    Array.from({ length: longest }, (_, i) => (i < length ? 4 + random.integer(9) : padding)),
  );
  return {
    tokens: tf.tensor2d(rows, undefined, "int32"),
    lengths: tf.tensor1d([...lengths], "int32"),
  };
}

export function rowOf({ tokens, lengths }: SourceBatch, row: number): SourceBatch {
  const length = lengths.dataSync()[row] ?? 1;
  return { tokens: tf.slice(tokens, [row, 0], [1, length]), lengths: tf.slice(lengths, row, 1) };
}
