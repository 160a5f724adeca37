import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { type Attribute, isNative, nativeKernel } from "../kernels.ts";
import type { tf } from "../tf.ts";

/** Numbered as in native/kernels.h. */
const activations = { linear: 0, relu: 1, relu6: 2 } as const;

/** Options of {@link fusedConvolution}. */
export interface FusedConvolutionOptions {
  readonly stride: number;
  /** One filter per channel. */
  readonly depthwise: boolean;
  readonly activation: keyof typeof activations;
}

/**
 * Convolution with TensorFlow's 'same' padding, bias and activation in one operation without a
 * gradient. The caller (or an enclosing `tf.tidy`) owns the result.
 *
 * @param input `[batch, height, width, channels]`
 * @param kernel `[k, k, channels, outChannels]`, depthwise `[k, k, channels, 1]`
 * @param bias `[outChannels]`
 * @returns `[batch, ceil(height / stride), ceil(width / stride), outChannels]`; undefined if the
 * engine has no kernel for it
 */
export function fusedConvolution(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  { stride, depthwise, activation }: FusedConvolutionOptions,
): tf.Tensor4D | undefined {
  if (!hasFusedKernels() || !isNative()) return undefined;
  const attributes: Attribute[] = [
    { name: "stride", type: "int", value: stride },
    { name: "activation", type: "int", value: activations[activation] },
  ];
  const name = depthwise ? "AttendDepthwiseConvolution" : "AttendConvolution";
  return nativeKernel(name, attributes, [input, kernel, bias]) as tf.Tensor4D;
}
