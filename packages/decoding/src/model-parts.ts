import { tf } from "@attend/runtime";
import type { Decoder, DecoderState } from "./decoder.ts";
import { rowsOf } from "./state.ts";

/** `forward`'s logits for a model of features: `[rows, steps, size] -> [rows, steps, vocabulary]`. */
export function projectSteps(
  model: { readonly vocabularySize: number; project(features: tf.Tensor2D): tf.Tensor2D },
  features: tf.Tensor3D,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [rows, steps, size] = features.shape;
    const logits = model.project(tf.reshape(features, [rows * steps, size]));
    return tf.reshape<tf.Rank.R3>(logits, [rows, steps, model.vocabularySize]);
  });
}

/** `expand` for a model that reorders: `count` copies of each row beside one another. */
export function expandRows<State extends DecoderState>(
  model: Pick<Decoder<never, State>, "reorder">,
  state: State,
  count: number,
): State {
  const rows = Array.from({ length: rowsOf(state) * count }, (_, row) => Math.floor(row / count));
  return tf.tidy(() => model.reorder(state, tf.tensor1d(rows, "int32")));
}
