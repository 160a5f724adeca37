import { tf } from "../tf.ts";
import { packedWeights } from "./packing.ts";

/** Smaller weights stay in the processor's cache, where their order hardly matters. */
const worthACopy = 1 << 16;
/** Packing takes as long as two products. */
const productsBefore = 2;

interface Use {
  /** Of the value that the variable had: assigning another one replaces it. */
  readonly dataId: object;
  products: number;
  packed?: tf.Tensor2D | undefined;
}

const uses = new WeakMap<tf.Tensor, Use>();

/**
 * A copy of a variable's weights in the order in which our products read them, from the third product of these
 * weights on: a search reads all weights at each step, and does so twice as fast. The results are the same to the last bit.
 *
 * @param weights `[depth, columns]`
 * @returns owned by the variable, see {@link disposePackedCopy}; undefined if reading the weights themselves is as good
 */
export function packedCopy(weights: tf.Tensor2D): tf.Tensor2D | undefined {
  if (!(weights instanceof tf.Variable) || weights.size < worthACopy) return undefined;
  let use = uses.get(weights);
  if (use?.dataId !== weights.dataId) {
    use?.packed?.dispose();
    use = { dataId: weights.dataId, products: 0 };
    uses.set(weights, use);
  }
  if (use.products < productsBefore) use.products++;
  else use.packed ??= keptOf(packedWeights(weights));
  return use.packed;
}

/** The copy that {@link packedCopy} has made of the weights as they are now, if it has. */
export function existingCopy(weights: tf.Tensor2D): tf.Tensor2D | undefined {
  const use = uses.get(weights);
  return use?.dataId === weights.dataId ? use.packed : undefined;
}

function keptOf(packed: tf.Tensor2D | undefined): tf.Tensor2D | undefined {
  return packed && tf.keep(packed);
}

/** Frees the copy of a variable that is being disposed, if there is one. */
export function disposePackedCopy(variable: tf.Variable): void {
  uses.get(variable)?.packed?.dispose();
  uses.delete(variable);
}
