import { customGradient } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { nativeKernel, nativeKernels } from "../kernels.ts";
import type { tf } from "../tf.ts";

/**
 * Cross-entropy of each row with label smoothing; see `crossEntropy` of `@attend/nn`. The only
 * tensor of the logits' size that it allocates is their gradient.
 *
 * @param logits `[rows, classes]`
 * @param targets `[rows]` int32
 * @returns `[rows]`; undefined if the engine has no kernel for it
 */
export function fusedCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
  labelSmoothing: number,
): tf.Tensor1D | undefined {
  if (!hasFusedKernels()) return undefined;
  const attributes = [{ name: "smoothing", type: "float", value: labelSmoothing } as const];
  return customGradient<tf.Tensor1D>(
    [logits],
    () => {
      const outputs = nativeKernels("AttendCrossEntropy", attributes, [logits, targets], 2);
      const [value, logarithms] = outputs as [tf.Tensor1D, tf.Tensor1D];
      return { value, saved: [logits, targets, logarithms] };
    },
    (dy, saved) => [nativeKernel("AttendCrossEntropyGrad", attributes, [...saved, dy])],
  );
}
