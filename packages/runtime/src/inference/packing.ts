import { nativeKernel } from "../kernels.ts";
import type { tf } from "../tf.ts";
import { hasInferenceKernels } from "./available.ts";

/** Floats in the largest vector of a kernel. */
const lanes = 16;

/**
 * Weights in the order in which `denseProduct` reads them if `packed`, which takes half the time for ten rows.
 *
 * @param weights `[depth, columns]`
 * @returns of the same shape; undefined if the engine has no kernel for it. The caller owns it
 */
export function packedWeights(weights: tf.Tensor2D): tf.Tensor2D | undefined {
  if (!hasInferenceKernels() || weights.shape[1] % lanes !== 0) return undefined;
  return nativeKernel("AttendPack", [], [weights]) as tf.Tensor2D;
}
