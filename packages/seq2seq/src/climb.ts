import type { RecurrentAttentionState } from "@attend/attention";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import type { Wiring } from "./wiring.ts";

/** The result of attention: `[..., valueSize]`, `[..., positions]`. */
interface Attended<T> {
  readonly context: T;
  readonly weights: T;
  readonly state: RecurrentAttentionState;
}

/** Runs layers and attention over one step, `[rows, size]`, or a sequence, `[rows, steps, size]`. */
export interface Pass<T> {
  run(layer: number, input: T, state: CellState): { output: T; state: CellState };
  readonly attend: ((query: T, state: RecurrentAttentionState) => Attended<T>) | undefined;
}

export interface Climbed<T> {
  /** The output of the highest layer, including its residual connection. */
  readonly hidden: T;
  readonly attended: Attended<T> | undefined;
  readonly layers: CellState[];
}

/** Runs all layers, from the lowest to the highest, over one step or a sequence. */
export function climb<T extends tf.Tensor>(
  { attentionLayer, residualFrom }: Wiring,
  pass: Pass<T>,
  input: T,
  layers: readonly CellState[],
  attention: RecurrentAttentionState,
): Climbed<T> {
  let below = input;
  let attended: Attended<T> | undefined;
  const next = layers.map((before, i) => {
    const layerInput = attended === undefined ? below : concatenate<T>([below, attended.context]);
    const { output, state } = pass.run(i, layerInput, before);
    below = i >= residualFrom ? tf.add<T>(below, output) : output;
    if (i === attentionLayer) attended = pass.attend?.(below, attention);
    return state;
  });
  return { hidden: below, attended, layers: next };
}

/** Concatenates `[..., size]` along the last axis. */
export function concatenate<T extends tf.Tensor>(parts: readonly [T, ...(T | undefined)[]]): T {
  const present = parts.filter((part) => part !== undefined);
  return present.length === 1 ? parts[0] : tf.concat<T>(present, -1);
}

/** Stacks steps `[rows, size]` to `[rows, steps, size]`; undefined if there are none. */
export function stackSteps(steps: readonly tf.Tensor2D[]): tf.Tensor3D | undefined {
  return steps.length === 0 ? undefined : (tf.stack([...steps], 1) as tf.Tensor3D);
}
