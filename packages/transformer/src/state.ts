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
  /** Of each row's source, `[rows]` int32. */
  readonly lengths: tf.Tensor1D;
  /** Which of the sources a row looks at, `[rows]` int32; empty where each row has its own. */
  readonly owners: tf.Tensor1D;
  /** The slots of what a row has said, `[rows, steps]` int32. */
  readonly places: tf.Tensor2D;
} & {
  /** Keys and values of the sources in each decoder layer, `[sources, positions, 2 size]`. */
  readonly [layer: `source${number}`]: tf.Tensor3D;
} & {
  /** Keys and values of all that was said, `[slots, 2 size]`. */
  readonly [layer: `said${number}`]: tf.Tensor2D;
};

/** Nothing is said yet, and each row has a source of its own. */
export function startState(
  sources: readonly tf.Tensor3D[],
  lengths: tf.Tensor1D,
): TransformerState {
  const [rows = 0] = lengths.shape;
  const width = sources[0]?.shape[2] ?? 0;
  return {
    lengths,
    owners: tf.tensor1d([], "int32"),
    places: tf.zeros([rows, 0], "int32"),
    ...Object.fromEntries(sources.map((source, layer) => [`source${layer}`, source])),
    ...Object.fromEntries(sources.map((_, layer) => [`said${layer}`, tf.zeros([0, width])])),
  };
}

/** The source of each row in one layer, `[rows, positions, 2 size]`. */
export function ownSource(state: TransformerState, layer: number): tf.Tensor3D {
  const source = state[`source${layer}`];
  if (source === undefined) throw new RangeError(`no layer ${layer}`);
  return state.owners.size === 0 ? source : tf.gather(source, state.owners);
}

/** What a step of one layer looks at, one slot behind the other: `[slots, 2 size]` each. */
export function cacheOf(state: TransformerState, layer: number) {
  const [source, said] = [state[`source${layer}`], state[`said${layer}`]];
  if (source === undefined || said === undefined) throw new RangeError(`no layer ${layer}`);
  return { said, source: tf.reshape<tf.Rank.R2>(source, [-1, source.shape[2]]) };
}

/** The slots of each row's source where the sources lie behind one another, -1 behind its length: `[rows, positions]`. */
export function sourcePlaces(state: TransformerState): tf.Tensor2D {
  return tf.tidy(() => {
    const [rows] = state.lengths.shape;
    const positions = state["source0"]?.shape[1] ?? 0;
    const owners = state.owners.size === 0 ? tf.range(0, rows, 1, "int32") : state.owners;
    const place = tf.expandDims(tf.range(0, positions, 1, "int32"), 0);
    const next = tf.add(
      tf.mul(tf.expandDims(owners, 1), whole(positions)),
      tf.add(place, whole(1)),
    );
    const within = tf.cast(tf.less(place, tf.expandDims(state.lengths, 1)), "int32");
    return tf.sub<tf.Tensor2D>(tf.mul(next, within), whole(1));
  });
}

const whole = (value: number): tf.Scalar => tf.scalar(value, "int32");

/** Row `i` continues row `rows[i]`. */
export function reorderState(state: TransformerState, rows: tf.Tensor1D): TransformerState {
  return tf.tidy(() => ({
    ...state,
    lengths: tf.gather(state.lengths, rows),
    owners: state.owners.size === 0 ? tf.clone(rows) : tf.gather(state.owners, rows),
    places:
      state.places.shape[1] === 0
        ? tf.zeros<tf.Rank.R2>([rows.shape[0], 0], "int32")
        : tf.gather(state.places, rows),
  }));
}
