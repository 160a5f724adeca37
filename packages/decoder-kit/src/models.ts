import type { DecoderState, DecodingTokens, EncoderDecoder, SourceBatch } from "@attend/decoding";
import type { Module } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";

/** Any encoder-decoder. */
export type Model<Encoding extends tf.TensorContainer, State extends DecoderState> = Module &
  EncoderDecoder<Encoding, State>;

export const special: DecodingTokens = { start: 1, end: 2, suppressed: [0, 3] };

/** The vocabulary sizes of the kit's sources and targets. */
export const vocabularies = { sourceVocabularySize: 13, targetVocabularySize: 13 };

/** Draws weights large enough for the model's predictions to differ. */
export function drawWeights(model: Module, seed = 1): void {
  const random = createRandom(seed);
  for (const parameter of model.parameters()) {
    const values = Float32Array.from({ length: parameter.size }, () => 0.6 * random.normal());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
}

/** A batch of random sources with the given lengths, padded with `padding`. */
export function makeSource(lengths: readonly number[], seed = 1, padding = 0): SourceBatch {
  const random = createRandom(seed);
  const longest = Math.max(...lengths);
  const rows = lengths.map((length) =>
    Array.from({ length: longest }, (_, i) => (i < length ? 4 + random.integer(9) : padding)),
  );
  return { tokens: tf.tensor2d(rows, undefined, "int32"), lengths };
}

/** One source of a batch, without its padding. */
export function rowOf({ tokens, lengths }: SourceBatch, row: number): SourceBatch {
  const length = lengths[row] ?? 1;
  return { tokens: tf.slice(tokens, [row, 0], [1, length]), lengths: [length] };
}

/** Target tokens for two sources, with start tokens. */
export function makeTarget(): tf.Tensor2D {
  const rows = [
    [1, 5, 10, 7, 8],
    [1, 4, 6, 12, 9],
  ];
  return tf.tensor2d(rows, undefined, "int32");
}
