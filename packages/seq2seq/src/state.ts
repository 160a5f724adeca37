import type { AttentionMemory, LookState } from "@attend/attention";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";

/**
 * The state of a `Seq2seq` between two steps. Rows may share a memory, which is not repeated for them. A
 * type, not an interface, so that `tf.tidy` may return it.
 */
export type Seq2seqState = {
  /** The decoder's layers, `layer.0.h` and so on, `[rows, units]` each. */
  readonly [layer: `layer.${string}`]: tf.Tensor2D;
  /** What the next look needs of those before, `[rows, ...]` each. */
  readonly [look: `look.${string}`]: tf.Tensor2D;
  /** What input feeding brings into the next step, `[rows, size]`. */
  readonly feed?: tf.Tensor2D;
  /** The source's summary, where it goes into every step, `[rows, units]`. */
  readonly summary?: tf.Tensor2D;
  /** Which memory each row looks at, `[rows]` int32; absent where row i looks at memory i. */
  readonly owners?: tf.Tensor1D;
  /** What is looked at: see `AttentionMemory`. Absent without attention. */
  readonly keys?: tf.Tensor3D;
  readonly values?: tf.Tensor3D;
  /** Absent where every source has the full length. */
  readonly mask?: tf.Tensor2D;
};

/** What changes from step to step. */
export interface Moving {
  /** By layer. */
  readonly layers: readonly CellState[];
  readonly look: LookState;
  readonly feed?: tf.Tensor2D;
}

/** What stays. */
export interface Fixed {
  readonly memory?: AttentionMemory;
  readonly summary?: tf.Tensor2D;
}

/** A step's two sides as one state. */
export function packed({ layers, look, feed }: Moving, { memory, summary }: Fixed): Seq2seqState {
  const ofLayers = layers.flatMap((state, i) =>
    Object.entries(state).map(([name, tensor]) => [`layer.${i}.${name}`, tensor] as const),
  );
  const ofLooks = Object.entries(look).map(([name, tensor]) => [`look.${name}`, tensor] as const);
  return {
    ...Object.fromEntries([...ofLayers, ...ofLooks]), // First, so that the first tensor's length is the rows'.
    ...(feed === undefined ? {} : { feed }),
    ...(summary === undefined ? {} : { summary }),
    ...memory,
  };
}

/** The two sides of a state of so many layers. */
export function unpacked(state: Seq2seqState, layers: number): { moving: Moving; fixed: Fixed } {
  const { feed, summary, owners, keys, values, mask } = state;
  const moving = {
    layers: Array.from({ length: layers }, (_, i) => withoutPrefix(state, `layer.${i}.`)),
    look: withoutPrefix(state, "look."),
    ...(feed === undefined ? {} : { feed }),
  };
  const memory = keys !== undefined &&
    values !== undefined && {
      keys,
      values,
      ...(mask === undefined ? {} : { mask }),
      ...(owners === undefined ? {} : { owners }),
    };
  return {
    moving,
    fixed: { ...(memory ? { memory } : {}), ...(summary === undefined ? {} : { summary }) },
  };
}

/** Row `i` of the result continues row `rows[i]`, int32; the memories are the same tensors. */
export function reordered(state: Seq2seqState, rows: tf.Tensor1D): Seq2seqState {
  const { feed, summary, owners, keys, values, mask, ...named } = state;
  const picked = Object.fromEntries(
    Object.keys(named)
      .filter(isNamed)
      .flatMap((name) => {
        const tensor = state[name];
        return tensor === undefined ? [] : [[name, tf.gather(tensor, rows)] as const];
      }),
  );
  return {
    ...picked,
    ...(feed === undefined ? {} : { feed: tf.gather(feed, rows) }),
    ...(summary === undefined ? {} : { summary: tf.gather(summary, rows) }),
    ...(keys === undefined || values === undefined ? {} : { keys, values }),
    ...(mask === undefined ? {} : { mask }),
    ...(keys === undefined
      ? {}
      : { owners: owners === undefined ? rows.clone() : tf.gather(owners, rows) }),
  };
}

type NamedKey = `layer.${string}` | `look.${string}`;

function isNamed(key: string): key is NamedKey {
  return key.startsWith("layer.") || key.startsWith("look.");
}

function withoutPrefix(state: Seq2seqState, prefix: string): Record<string, tf.Tensor2D> {
  const found: Record<string, tf.Tensor2D> = {};
  for (const key of Object.keys(state)) {
    if (!isNamed(key) || !key.startsWith(prefix)) continue;
    const tensor = state[key];
    if (tensor !== undefined) found[key.slice(prefix.length)] = tensor;
  }
  return found;
}
