import { tf } from "../tf.ts";
import type { Kernel } from "./register.ts";

interface Inputs {
  readonly dy: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

/**
 * Computes the gradient of a convolution with respect to its input as a convolution, if the strides
 * are 1: of `dy` with the filter rotated by 180 degrees. This uses XNNPACK and is ten times faster.
 */
export function convolveBackwards(
  backpropInput: Kernel<Inputs, tf.Conv2DBackpropInputAttrs>,
): Kernel<Inputs, tf.Conv2DBackpropInputAttrs> {
  return (call) => {
    const { dy, filter } = call.inputs;
    const { strides, pad, dimRoundingMode, inputShape } = call.attrs;
    const dilations = 1; // The gradient of conv2d supports no others.
    const info = tf.backend_util.computeConv2DInfo(
      inputShape,
      filter.shape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
    );
    if (info.strideHeight !== 1 || info.strideWidth !== 1) return backpropInput(call);
    const top = info.filterHeight - 1 - info.padInfo.top;
    const left = info.filterWidth - 1 - info.padInfo.left;
    if (top < 0 || left < 0) return backpropInput(call);
    // Every input pixel gets its gradient: padded dy is as large as the overlap of input and
    // filter.
    const bottom = info.inHeight + info.filterHeight - 1 - info.outHeight - top;
    const right = info.inWidth + info.filterWidth - 1 - info.outWidth - left;
    return tf.tidy(() => {
      const rotated = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
      return tf.conv2d(dy, rotated as tf.Tensor4D, 1, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
    });
  };
}
