import { type Random, takeRowsOfEach, tf } from "@attend/runtime";
import type { Decoder, DecoderState } from "./decoder.ts";

/**
 * Teacher forcing: the logits of each step, given the previous tokens.
 *
 * @param tokens `[rows, steps]` int32
 * @param state from `start`
 * @param options.random enables dropout
 * @returns logits `[rows, steps, vocabulary]`, attention `[rows, steps, positions]`
 */
export function forward<State extends DecoderState>(
  decoder: Pick<Decoder<never, State>, "features" | "project" | "vocabularySize">,
  tokens: tf.Tensor2D,
  state: State,
  options?: { random?: Random | undefined },
): { logits: tf.Tensor3D; attention?: tf.Tensor3D } {
  return tf.tidy(() => {
    const { features, attention } = decoder.features(tokens, state, options);
    const [rows, steps, size] = features.shape;
    const logits = decoder.project(tf.reshape(features, [rows * steps, size]));
    return {
      logits: tf.reshape<tf.Rank.R3>(logits, [rows, steps, decoder.vocabularySize]),
      ...(attention && { attention }),
    };
  });
}

/**
 * Gathers the rows of all tensors in nested records and lists: row `i` of the result is row `rows[i]`
 * (int32). Numbers are kept. Implements `reorder` for the part of a state with a row per sequence.
 */
export function gatherRows<State extends tf.TensorContainer>(
  state: State,
  rows: tf.Tensor1D,
): State {
  const tensors = tensorsIn(state);
  const taken = takeRowsOfEach(tensors, rows);
  const next = new Map(tensors.map((tensor, i) => [tensor, taken[i] ?? tensor]));
  return replaced(state, next) as State; // The nesting is the same.
}

/** All tensors in nested records and lists. */
export function tensorsIn(part: tf.TensorContainer): tf.Tensor[] {
  if (part instanceof tf.Tensor) return [part];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(tensorsIn) : [];
}

function replaced(
  part: tf.TensorContainer,
  next: ReadonlyMap<tf.Tensor, tf.Tensor>,
): tf.TensorContainer {
  if (part instanceof tf.Tensor) return next.get(part) ?? part;
  if (Array.isArray(part)) return part.map((inner) => replaced(inner, next));
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.entries(part).map(([name, value]) => [name, replaced(value, next)]);
  return Object.fromEntries(inner);
}

/** `count` adjacent copies of each row, for several samples or groups per row. */
export function expand<State extends DecoderState>(
  decoder: Pick<Decoder<never, State>, "reorder">,
  state: State,
  count: number,
): State {
  const rows = Array.from({ length: state.rows * count }, (_, row) => Math.floor(row / count));
  return tf.tidy(() => decoder.reorder(state, tf.tensor1d(rows, "int32")));
}
