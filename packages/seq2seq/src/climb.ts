import type { RecurrentAttentionState } from "@attend/attention";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import type { Wiring } from "./wiring.ts";

/** What a look found: `[..., valueSize]`, `[..., positions]`. */
interface Seen<T> {
  readonly context: T;
  readonly weights: T;
  readonly state: RecurrentAttentionState;
}

/** How layers run and look: over one step, `[rows, size]`, or over all, `[rows, steps, size]`. */
export interface Pass<T> {
  run(layer: number, input: T, state: CellState): { output: T; state: CellState };
  readonly look: ((query: T, state: RecurrentAttentionState) => Seen<T>) | undefined;
}

export interface Climbed<T> {
  /** What the highest layer gives, its residual connection included. */
  readonly hidden: T;
  readonly seen: Seen<T> | undefined;
  readonly layers: CellState[];
}

/** Runs from layer to layer; one step and whole sequences go the same way. */
export function climb<T extends tf.Tensor>(
  { lookAfter, residualFrom }: Wiring,
  pass: Pass<T>,
  input: T,
  layers: readonly CellState[],
  look: RecurrentAttentionState,
): Climbed<T> {
  let below = input;
  let seen: Seen<T> | undefined;
  const next = layers.map((before, i) => {
    const own = seen === undefined ? below : beside<T>([below, seen.context]);
    const { output, state } = pass.run(i, own, before);
    below = i >= residualFrom ? tf.add<T>(below, output) : output;
    if (i === lookAfter) seen = pass.look?.(below, look);
    return state;
  });
  return { hidden: below, seen, layers: next };
}

/** `[..., size]` each, beside one another. */
export function beside<T extends tf.Tensor>(parts: readonly [T, ...(T | undefined)[]]): T {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 1 ? parts[0] : tf.concat<T>(given, -1);
}

/** What each step gave, `[rows, size]`, as `[rows, steps, size]`; nothing of no steps. */
export function together(steps: readonly tf.Tensor2D[]): tf.Tensor3D | undefined {
  return steps.length === 0 ? undefined : (tf.stack([...steps], 1) as tf.Tensor3D);
}
