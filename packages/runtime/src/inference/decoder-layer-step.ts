import { type Attribute, nativeKernels } from "../kernels.ts";
import { currentTuning } from "../processor/current.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";
import { activations, type DenseOptions, hasFewRows } from "./dense.ts";
import { packedCopy } from "./packed-copies.ts";

/** What a row of {@link fusedDecoderLayerStep} attends to. */
export interface DecoderLayerMemory {
  /** Keys and values of the tokens so far, `[slots, 2 size]`. */
  readonly target: tf.Tensor2D;
  /** The slots of each row, `[rows, steps]` int32, including that of this step, which is appended. */
  readonly targetSlots: tf.Tensor2D;
  /** Keys and values of the sources, `[slots, 2 size]`. */
  readonly source: tf.Tensor2D;
  /** `[rows, positions]` int32, padded at the end with -1. */
  readonly sourceSlots: tf.Tensor2D;
}

/** The weights and settings of a layer for {@link fusedDecoderLayerStep}. */
export interface DecoderLayerWeights {
  readonly heads: number;
  /** Whether each sublayer is `x + f(norm(x))`, otherwise `norm(x + f(x))`. */
  readonly normFirst: boolean;
  readonly epsilon: number;
  readonly activation: DenseOptions["activation"] & string;
  /** Of the sublayers: attention to the target, to the source, and the feed-forward network. */
  readonly norms: readonly {
    readonly scale: tf.Tensor1D;
    readonly offset: tf.Tensor1D;
  }[];
  /** In the order in which they are computed: memory, query, output; query, output; inner and outer layer. */
  readonly products: readonly {
    readonly kernel: tf.Tensor2D;
    readonly bias?: tf.Tensor1D | undefined;
  }[];
}

/**
 * One step of a layer of a Transformer's decoder (Vaswani et al. 2017, section 3.1) in one operation without a gradient,
 * with the same result, to the last bit, as its operations one by one. Call it inside `tf.tidy`.
 *
 * @param input `[rows, size]`
 * @returns `output` like `input`; `target` with the keys and values of this step appended; `weights` over the source,
 *   `[rows, heads, positions]`; undefined if the engine has no kernel for it, gradients are being recorded, or the products
 *   are TensorFlow's
 */
export function fusedDecoderLayerStep(
  input: tf.Tensor2D,
  { target, targetSlots, source, sourceSlots }: DecoderLayerMemory,
  { heads, normFirst, epsilon, activation, norms, products }: DecoderLayerWeights,
): { output: tf.Tensor2D; target: tf.Tensor2D; weights: tf.Tensor3D } | undefined {
  if (!hasInferenceKernels()) return undefined;
  const isFew = hasFewRows(input);
  const depth = Math.max(...products.map(({ kernel }) => kernel.shape[0]));
  if (!isFew && depth > currentTuning().tuning.ownDepth) return undefined;
  const absent = tf.tensor1d([]);
  let packed = 0;
  const affine = products.flatMap(({ kernel, bias }, index) => {
    const copy = isFew ? packedCopy(kernel) : undefined;
    if (copy !== undefined) packed |= 1 << index;
    return [copy ?? kernel, bias ?? absent];
  });
  const attributes: Attribute[] = [
    { name: "heads", type: "int", value: heads },
    { name: "norm_first", type: "int", value: Number(normFirst) },
    { name: "activation", type: "int", value: activations[activation] },
    { name: "packed", type: "int", value: packed },
    { name: "epsilon", type: "float", value: epsilon },
  ];
  const scales = norms.flatMap(({ scale, offset }) => [scale, offset]);
  const inputs = [input, target, targetSlots, source, sourceSlots, ...scales, ...affine];
  const outputs = nativeKernels("AttendDecoderLayerStep", attributes, inputs, 3);
  const [output, grown, weights] = outputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor3D];
  return { output, target: grown, weights };
}
