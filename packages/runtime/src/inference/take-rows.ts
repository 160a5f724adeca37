import { type Attribute, nativeKernel, nativeKernels } from "../kernels.ts";
import { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/**
 * `tf.gather` along the first axis; without a tensor for the axis, small ones take half the time. The caller, or the
 * `tf.tidy` around it, owns the result.
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

/**
 * {@link takeRows} of several tensors at once, with one row for each of `rows`, in one operation. The caller, or the
 * `tf.tidy` around it, owns the results.
 *
 * @param tensors `[count, ...]` each
 * @param rows `[n]` int32
 * @returns `[n, ...]` each, in the same order
 */
export function takeRowsOfEach(
  tensors: readonly tf.Tensor[],
  rows: tf.Tensor1D,
): readonly tf.Tensor[] {
  const [floats, integers] = ["float32", "int32"].map((dtype) =>
    tensors.filter((tensor) => tensor.dtype === dtype),
  ) as [tf.Tensor[], tf.Tensor[]];
  const inputs = [...floats, ...integers];
  if (!hasInferenceKernels() || inputs.length < tensors.length)
    return tensors.map((tensor) => tf.gather(tensor, rows));
  const attributes: Attribute[] = [
    { name: "floats", type: "int", value: floats.length },
    { name: "integers", type: "int", value: integers.length },
  ];
  const taken = nativeKernels("AttendTakeRows", attributes, [rows, ...inputs], inputs.length);
  return tensors.map((tensor) => taken[inputs.indexOf(tensor)] as tf.Tensor);
}
