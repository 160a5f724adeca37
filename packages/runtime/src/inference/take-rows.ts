import { type Attribute, nativeKernel } from "../kernels.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * `tf.gather` along the first axis. A step of a search gathers six small tensors, and without a tensor for the axis that
 * takes half the time. The caller, or the `tf.tidy` around it, owns the result.
 *
 * @param x `[count, ...]`
 * @param rows `[...]` int32
 * @returns `[...rows, ...]`
 */
export function takeRows(x: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  const { dtype } = x;
  if (!hasInferenceKernels() || (dtype !== "float32" && dtype !== "int32"))
    return tf.gather(x, rows);
  const attributes: Attribute[] = [
    { name: "Tparams", type: "dtype", value: dtype },
    { name: "Tindices", type: "dtype", value: "int32" },
    { name: "validate_indices", type: "bool", value: true },
  ];
  return nativeKernel("Gather", attributes, [x, rows]);
}
