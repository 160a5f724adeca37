import { gatherRows } from "@attend/decoding";
import { tf } from "@attend/runtime";

/** The output of the encoder. A type rather than an interface, so that `tf.tidy` may return it. */
export type EncodedSource = {
  /** `[rows, positions, size]` */
  readonly memory: tf.Tensor3D;
  /** `[rows]` int32 */
  readonly lengths: tf.Tensor1D;
};

/**
 * The state of the decoder between two steps. Rows may share a source, and the keys and values of
 * previous tokens are not moved: a beam that continues in several rows copies only `targetSlots`.
 */
export type TransformerState = {
  readonly rows: number;
  /** Lengths of the sources, `[rows]` int32. */
  readonly lengths: tf.Tensor1D;
  /** The source each row attends to, `[rows]` int32. Default: row i attends to source i. */
  readonly sourceIndices?: tf.Tensor1D;
  /** The slots of each row's source among all sources, -1 past its length: `[rows, positions]` int32. */
  readonly sourceSlots: tf.Tensor2D;
  /** The slots of each row's previous tokens, `[rows, steps]` int32; absent before the first step. */
  readonly targetSlots?: tf.Tensor2D;
  readonly layers: LayerState[];
};

/** Keys and values of a decoder layer, concatenated. */
export type LayerState = {
  /** Of the positions of all sources, `[slots, 2 size]`. */
  readonly source: tf.Tensor2D;
  /** Of the previous tokens of all rows, `[slots, 2 size]`. */
  readonly target: tf.Tensor2D;
};

/**
 * The state before the first step, with one source per row.
 *
 * @param sources of each layer, `[rows, positions, 2 size]`
 */
export function startState(
  sources: readonly tf.Tensor3D[],
  lengths: tf.Tensor1D,
): TransformerState {
  const layers = sources.map((source) => ({
    source: tf.reshape<tf.Rank.R2>(source, [-1, source.shape[2]]),
    target: tf.zeros<tf.Rank.R2>([0, source.shape[2]]),
  }));
  const positions = sources[0]?.shape[1] ?? 0;
  return { rows: lengths.shape[0], lengths, sourceSlots: slotsOf(lengths, positions), layers };
}

function slotsOf(lengths: tf.Tensor1D, positions: number): tf.Tensor2D {
  const rows = lengths.shape[0];
  return tf.tidy(() => {
    const next = tf.reshape(tf.range(1, rows * positions + 1, 1, "int32"), [rows, positions]);
    const valid = tf.less(tf.range(0, positions, 1, "int32"), tf.expandDims(lengths, 1));
    return tf.sub<tf.Tensor2D>(tf.mul(next, tf.cast(valid, "int32")), tf.scalar(1, "int32"));
  });
}

/** The source of each row in a layer, `[rows, positions, 2 size]`. */
export function gatherSource(
  { sourceIndices, sourceSlots }: TransformerState,
  { source }: LayerState,
): tf.Tensor3D {
  const [slots, width] = source.shape;
  const [, positions] = sourceSlots.shape;
  const sources: tf.Tensor3D = tf.reshape(source, [slots / positions, positions, width]);
  return sourceIndices === undefined ? sources : tf.gather(sources, sourceIndices);
}

/** Row `i` continues row `rows[i]`. */
export function reorderState<State extends TransformerState>(
  state: State,
  rows: tf.Tensor1D,
): State {
  const { lengths, sourceIndices, sourceSlots, targetSlots } = state;
  const own = { lengths, sourceSlots, ...(sourceIndices && { sourceIndices }) };
  return tf.tidy(() => ({
    ...state,
    ...(sourceIndices === undefined && { sourceIndices: tf.clone(rows) }),
    ...gatherRows({ ...own, ...(targetSlots && { targetSlots }) }, rows),
    rows: rows.shape[0],
  }));
}
