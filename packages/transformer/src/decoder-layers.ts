import { type Random, tf } from "@attend/runtime";
import type { DecoderLayer } from "./layers.ts";
import type { Positions } from "./positions.ts";
import { gatherSource, type LayerState, type TransformerState } from "./state.ts";

/** The layers of a decoder. */
export interface DecoderLayers {
  readonly layers: readonly DecoderLayer[];
  readonly positions: Positions;
  /** The layer whose attention to the source is returned, as the mean over its heads. */
  readonly attending: number;
}

/**
 * Teacher forcing through all layers.
 *
 * @param input `[rows, steps, size]`
 * @returns output `[rows, steps, size]`, attention `[rows, steps, positions]`
 */
export function forwardLayers(
  { layers, positions, attending }: DecoderLayers,
  input: tf.Tensor3D,
  state: TransformerState,
  random: Random | undefined,
): { output: tf.Tensor3D; attention?: tf.Tensor3D } {
  let output = input;
  let attention: tf.Tensor3D | undefined;
  for (const [index, [layer, layerState]] of withStates(layers, state).entries()) {
    const source = gatherSource(state, layerState);
    const forwarded = layer.forward(output, source, state.lengths, { positions, random });
    output = forwarded.output;
    if (index === attending) attention = tf.mean(forwarded.weights, 1);
  }
  return { output, ...(attention && { attention }) };
}

/** The number of tokens that each row has so far, which is the position of the next one. */
export function stepsOf({ targetSlots }: TransformerState): number {
  return targetSlots?.shape[1] ?? 0;
}

/**
 * One step through all layers. Call it inside `tf.tidy`.
 *
 * @param input `[rows, size]`
 * @returns output `[rows, size]`, the state with the keys and values of this step, attention `[rows, positions]`
 */
export function stepLayers<State extends TransformerState>(
  { layers, positions, attending }: DecoderLayers,
  input: tf.Tensor2D,
  state: State,
): { output: tf.Tensor2D; state: State; attention?: tf.Tensor2D } {
  const { rows, targetSlots: previous, sourceSlots } = state;
  const count = state.layers[0]?.target.shape[0] ?? 0;
  const added = tf.tensor2d(
    Int32Array.from({ length: rows }, (_, row) => count + row),
    [rows, 1],
  );
  const targetSlots = previous === undefined ? added : tf.concat<tf.Tensor2D>([previous, added], 1);
  let output = input;
  let attention: tf.Tensor2D | undefined;
  const next = withStates(layers, state).map(([layer, layerState], index) => {
    const cache = { ...layerState, targetSlots, sourceSlots };
    const stepped = layer.step(output, cache, positions);
    output = stepped.output;
    if (index === attending) attention = tf.mean(stepped.weights, 1);
    return { source: layerState.source, target: stepped.target };
  });
  const shown: tf.Tensor2D | undefined = attention;
  return {
    output,
    state: { ...state, targetSlots, layers: next },
    ...(shown && { attention: shown }),
  };
}

/** Each layer with its part of the state. */
function withStates(
  layers: readonly DecoderLayer[],
  state: TransformerState,
): [DecoderLayer, LayerState][] {
  return layers.flatMap((layer, index) => {
    const layerState = state.layers[index];
    return layerState === undefined ? [] : [[layer, layerState]];
  });
}
