import { tf } from "@attend/runtime";

/** What the encoder gives. A type, not an interface, so that `tf.tidy` may return it. */
export type EncodedSource = {
  /** `[rows, positions, size]` */
  readonly memory: tf.Tensor3D;
  /** `[rows]` int32 */
  readonly lengths: tf.Tensor1D;
};

/**
 * What a step needs of those before it. Rows may share a source, and keys and values of what was said lie where they
 * were made: a beam that goes on in several rows copies only `places`.
 */
export type TransformerState = {
  readonly rows: number;
  /** Of each row's source, `[rows]` int32. */
  readonly lengths: tf.Tensor1D;
  /** Which of the sources a row looks at, `[rows]` int32; absent where each row has its own. */
  readonly owners?: tf.Tensor1D;
  /** The slots of each row's source, one source after the other, -1 past its length: `[rows, positions]` int32. */
  readonly sourcePlaces: tf.Tensor2D;
  /** The slots of what a row has said, `[rows, steps]` int32; absent before the first step. */
  readonly places?: tf.Tensor2D;
  readonly layers: LayerState[];
};

/** Of a decoder layer, keys and values beside one another. */
export type LayerState = {
  /** Of the sources, `[sources, positions, 2 size]`. */
  readonly source: tf.Tensor3D;
  /** Of all that was said, `[slots, 2 size]`. */
  readonly said: tf.Tensor2D;
};

/** Nothing is said yet, and each row has a source of its own. */
export function startState(
  sources: readonly tf.Tensor3D[],
  lengths: tf.Tensor1D,
): TransformerState {
  const layers = sources.map((source) => ({
    source,
    said: tf.zeros<tf.Rank.R2>([0, source.shape[2]]),
  }));
  const positions = sources[0]?.shape[1] ?? 0;
  return { rows: lengths.shape[0], lengths, sourcePlaces: placesOf(lengths, positions), layers };
}

function placesOf(lengths: tf.Tensor1D, positions: number): tf.Tensor2D {
  const rows = lengths.shape[0];
  return tf.tidy(() => {
    const next = tf.reshape(tf.range(1, rows * positions + 1, 1, "int32"), [rows, positions]);
    const within = tf.less(tf.range(0, positions, 1, "int32"), tf.expandDims(lengths, 1));
    return tf.sub<tf.Tensor2D>(tf.mul(next, tf.cast(within, "int32")), tf.scalar(1, "int32"));
  });
}

/** The source of each row in one layer, `[rows, positions, 2 size]`. */
export function ownSource({ owners }: TransformerState, { source }: LayerState): tf.Tensor3D {
  return owners === undefined ? source : tf.gather(source, owners);
}

/** What a step of one layer looks at, one slot after the other: `[slots, 2 size]` each. */
export function cacheOf({ source, said }: LayerState) {
  return { said, source: tf.reshape<tf.Rank.R2>(source, [-1, source.shape[2]]) };
}

/** Row `i` continues row `rows[i]`. */
export function reorderState(state: TransformerState, rows: tf.Tensor1D): TransformerState {
  const { lengths, owners, sourcePlaces, places } = state;
  return tf.tidy(() => ({
    ...state,
    rows: rows.shape[0],
    lengths: tf.gather(lengths, rows),
    owners: owners === undefined ? tf.clone(rows) : tf.gather(owners, rows),
    sourcePlaces: tf.gather(sourcePlaces, rows),
    ...(places && { places: tf.gather(places, rows) }),
  }));
}
