import { tf } from "@attend/runtime";
import type { Decoder, DecoderState, DecodingTokens } from "./decoder.ts";
import { expand, tensorsIn } from "./functions.ts";

/** Frees the tensors of `old` that are not in `next`. */
export function disposeReplaced(old: DecoderState, next: DecoderState | undefined): void {
  const kept = new Set(tensorsIn(next));
  for (const tensor of tensorsIn(old)) if (!kept.has(tensor)) tensor.dispose();
}

/** `count` copies of each row; frees `state`. */
export function expanded<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  state: State,
  count: number,
): State {
  if (count === 1) return state;
  const next = expand(decoder, state, count);
  disposeReplaced(state, next);
  return next;
}

/** The given rows; frees `state`. Returns `state` if the rows do not change. */
export function reordered<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  state: State,
  rows: readonly number[],
): State {
  if (rows.length === state.rows && rows.every((row, i) => row === i)) return state;
  const next = tf.tidy(() => decoder.reorder(state, tf.tensor1d([...rows], "int32")));
  disposeReplaced(state, next);
  return next;
}

/** Downloads a matrix `[rows, columns]`, by row. */
export function rowsIn(matrix: tf.Tensor2D): Float32Array[] {
  const [rows, columns] = matrix.shape;
  const values = Float32Array.from(matrix.dataSync());
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** The tokens that are never chosen. */
export function excludedTokens({ start, suppressed }: DecodingTokens): ReadonlySet<number> {
  return new Set([start, ...suppressed]);
}

/** A bias for logits, `[vocabulary]`: 0, and far below every logit for `tokens`. */
export function suppression(vocabularySize: number, tokens: Iterable<number>): tf.Tensor1D {
  const values = new Float32Array(vocabularySize);
  for (const token of tokens) values[token] = -1e9;
  return tf.tensor1d(values);
}

/** The log-probability of one token per row; `logits` is `[rows, vocabulary]`, `tokens` `[rows]` int32. */
export function logProbabilitiesOf(logits: tf.Tensor2D, tokens: tf.Tensor1D): tf.Tensor1D {
  const index = tf.stack([tf.range(0, tokens.shape[0], 1, "int32"), tokens], 1);
  return tf.sub(tf.gatherND(logits, index), tf.logSumExp(logits, 1));
}
