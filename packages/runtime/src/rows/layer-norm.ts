import { customGradient } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { nativeKernels } from "../kernels.ts";
import type { tf } from "../tf.ts";

/**
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` for each row, in one forward and one
 * backward pass over the data.
 *
 * @param x `[..., size]`
 * @param scale `[size]`, like `offset`
 * @returns like `x`; undefined if the engine has no kernel for it
 */
export function fusedLayerNorm<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): T | undefined {
  if (!hasFusedKernels()) return undefined;
  const attributes = [{ name: "epsilon", type: "float", value: epsilon } as const];
  return customGradient<T>(
    [x, scale, offset],
    () => {
      const outputs = nativeKernels("AttendLayerNorm", attributes, [x, scale, offset], 2);
      const [value, moments] = outputs as [T, tf.Tensor2D];
      return { value, saved: [x, scale, moments] };
    },
    (dy, saved) => nativeKernels("AttendLayerNormGrad", [], [...saved, dy], 3),
  );
}
