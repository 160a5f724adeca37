import type { SourceBatch, SpecialTokens } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { createTransformer, type Transformer, type TransformerConfig } from "../../src/index.ts";

export const special: SpecialTokens = { start: 1, end: 2, suppressed: [0, 3] };

export const sizes = {
  sourceVocabularySize: 13,
  targetVocabularySize: 13,
  size: 8,
  heads: 2,
  feedForwardSize: 12,
  encoderLayers: 2,
  decoderLayers: 2,
  maxPositions: 24,
  dropout: 0,
};

type Variant = Pick<TransformerConfig, "norm" | "positions" | "tied">;

/** The ways to build it that differ in how a step is computed. */
export const variants: readonly Variant[] = [
  { norm: "pre", positions: "sinusoidal", tied: "all" },
  { norm: "post", positions: "learned", tied: "output" },
  { norm: "pre", positions: "rotary", tied: "none" },
];

/** A model with weights large enough for its choices to differ; the caller disposes it. */
export function makeModel(config: Partial<TransformerConfig> = {}, seed = 1): Transformer {
  const random = createRandom(seed);
  const model = createTransformer({ ...sizes, ...config }, random);
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
