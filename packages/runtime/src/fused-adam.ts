import { nativeKernels } from "./kernels.ts";
import { tf } from "./tf.ts";

/** A parameter to be updated by {@link fusedAdam}. */
export interface AdamParameter {
  readonly weights: tf.Tensor;
  /** Same shape as the weights. */
  readonly gradient: tf.Tensor;
  /** The start of its moments; increasing from parameter to parameter. */
  readonly offset: number;
  /** Learning rate, including the bias correction of the moments. */
  readonly rate: number;
  /** Multiplied with the weights before the step: 1, or less for AdamW's weight decay. */
  readonly weightFactor: number;
  /** Fraction of the weights added to the gradient: 0, or Adam's L2 penalty. */
  readonly l2: number;
}

/**
 * One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019) over all parameters in
 * one operation. Requires {@link hasFusedKernels}.
 *
 *     g' = g + l2 w    m' = m + (1 - beta1)(g' - m)    v' = v + (1 - beta2)(g'^2 - v)
 *     w' = weightFactor w - rate m' / (sqrt(v') + epsilon)
 *
 * @param moments those of all parameters, concatenated; moments that belong to none of `parameters`
 * stay unchanged
 * @returns the new moments and the new weights of each parameter; the caller owns them
 */
export function fusedAdam(
  moments: { readonly m: tf.Tensor1D; readonly v: tf.Tensor1D },
  parameters: readonly AdamParameter[],
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
): { m: tf.Tensor1D; v: tf.Tensor1D; weights: tf.Tensor[] } {
  const settings = tf.tensor1d([1 - beta1, 1 - beta2, epsilon]);
  const rates = tf.tensor2d(
    parameters.map(({ rate, weightFactor, l2 }) => [rate, weightFactor, l2]),
  );
  const offsets = tf.tensor1d(
    parameters.map(({ offset }) => offset),
    "int32",
  );
  const [m, v, ...weights] = nativeKernels(
    "AttendAdam",
    [{ name: "N", type: "int", value: parameters.length }],
    [
      ...[settings, rates, offsets, moments.m, moments.v],
      ...parameters.map((parameter) => parameter.weights),
      ...parameters.map((parameter) => parameter.gradient),
    ],
    2 + parameters.length,
  ) as [tf.Tensor1D, tf.Tensor1D, ...tf.Tensor[]];
  tf.dispose([settings, rates, offsets]);
  return { m, v, weights };
}
