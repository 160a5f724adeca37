import { type DecodingTokens, type EncodedImage, forward } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import {
  type AttentionDecoder,
  type AttentionDecoderConfig,
  type AttentionState,
  createAttentionDecoder,
} from "../../src/index.ts";

export const special: DecodingTokens = { start: 1, end: 2, suppressed: [0, 3] };

const sizes = {
  vocabularySize: 11,
  memorySize: 6,
  embeddingSize: 4,
  hiddenSize: 8,
  attentionSize: 6,
};

type Variant = Pick<AttentionDecoderConfig, "placement" | "score" | "languageLayer" | "gate">;

/** All configurations of the decoder. */
export const variants: readonly Variant[] = (["before", "after"] as const).flatMap((placement) =>
  (["dot", "additive"] as const).flatMap((score) =>
    [true, false].flatMap((languageLayer) =>
      [true, false].map((gate) => ({ placement, score, languageLayer, gate })),
    ),
  ),
);

/** A decoder with weights large enough for its choices to differ; the caller disposes it. */
export function makeDecoder(
  config: Partial<AttentionDecoderConfig> = {},
  seed = 1,
): AttentionDecoder {
  const random = createRandom(seed);
  const decoder = createAttentionDecoder({ ...sizes, ...config }, random);
  for (const parameter of decoder.parameters()) {
    const values = Float32Array.from({ length: parameter.size }, () => random.normal());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
  return decoder;
}

export function makeEncoding(rows: number, seed = 1, objectWords = 0): EncodedImage {
  const objects = tf.randomUniform<tf.Rank.R2>([rows, objectWords], -9, -1, "float32", seed + 2);
  return {
    ...(objectWords > 0 && { objects }),
    map: tf.randomUniform<tf.Rank.R3>([rows, 5, sizes.memorySize], -1, 1, "float32", seed),
    pooled: tf.randomUniform<tf.Rank.R2>([rows, sizes.memorySize], -1, 1, "float32", seed + 1),
  };
}

export function rowOf({ map, pooled, objects }: EncodedImage, row: number): EncodedImage {
  return {
    map: tf.slice(map, row, 1),
    pooled: tf.slice(pooled, row, 1),
    ...(objects && { objects: tf.slice(objects, row, 1) }),
  };
}

/** `forward` of a decoder with attention. */
export function forwardWithAttention(...args: Parameters<typeof forward<AttentionState>>) {
  const { logits, attention } = forward(...args);
  if (attention === undefined) throw new TypeError("this decoder has attention");
  return { logits, attention };
}

/** Scores a complete sequence by teacher forcing; suppressed tokens have probability 0. */
export function teacherForced(
  decoder: AttentionDecoder,
  encoding: EncodedImage,
  tokens: readonly number[],
  ended: boolean,
) {
  return tf.tidy(() => {
    const targets = [...tokens, ...(ended ? [special.end] : [])];
    const inputs = [special.start, ...tokens].slice(0, targets.length);
    const { logits, attention } = forwardWithAttention(
      decoder,
      tf.tensor2d([inputs], undefined, "int32"),
      decoder.start(encoding),
    );
    const suppressed = [special.start, ...special.suppressed];
    const ids = [...Array(decoder.vocabularySize).keys()];
    const bias = tf.tensor1d(ids.map((id) => (suppressed.includes(id) ? -1e9 : 0)));
    const [logs = []] = tf.logSoftmax(tf.add<tf.Tensor3D>(logits, bias)).arraySync();
    const logProbability = targets.reduce((sum, id, t) => sum + (logs[t]?.[id] ?? Number.NaN), 0);
    return { logProbability, attention: attention.arraySync()[0] ?? [] };
  });
}
