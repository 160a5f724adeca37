import { tf } from "../tf.ts";
import type { KernelCall } from "./register.ts";

interface FilterInputs {
  readonly x: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}

interface InputInputs {
  readonly dy: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

/**
 * The gradient of a depthwise convolution with respect to its filter.
 *
 * `x` is `[batch, height, width, channels]`, `dy` is `[batch, outHeight, outWidth, channels *
 * multiplier]`, the result `[filterHeight, filterWidth, channels, multiplier]`.
 */
export function depthwiseBackpropFilter({
  inputs: { x, dy },
  attrs: { strides, dilations, pad, dimRoundingMode, filterShape },
  backend,
}: KernelCall<FilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>): tf.TensorInfo {
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const output = backend.makeOutput(filterShape, "float32");
  // Views of the heap: created after the allocation, which may move it.
  const dw = backend.typedArrayFromHeap(output).fill(0);
  const xs = backend.typedArrayFromHeap(x);
  const dys = backend.typedArrayFromHeap(dy);
  const { outChannels } = info;
  const multiplier = filterShape[3];

  forEachOverlap(info, (xStart, dyStart, filterStart) => {
    for (let i = 0; i < outChannels; i++) {
      const channel = multiplier === 1 ? i : Math.floor(i / multiplier);
      dw[filterStart + i]! += xs[xStart + channel]! * dys[dyStart + i]!;
    }
  });
  return output;
}

/**
 * The gradient of a depthwise convolution with respect to its input; shapes as in {@link
 * depthwiseBackpropFilter}.
 */
export function depthwiseBackpropInput({
  inputs: { dy, filter },
  attrs: { strides, dilations, pad, dimRoundingMode, inputShape },
  backend,
}: KernelCall<InputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>): tf.TensorInfo {
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const output = backend.makeOutput(inputShape, "float32");
  const dx = backend.typedArrayFromHeap(output).fill(0);
  const ws = backend.typedArrayFromHeap(filter);
  const dys = backend.typedArrayFromHeap(dy);
  const { outChannels } = info;
  const multiplier = filter.shape[3];

  forEachOverlap(info, (xStart, dyStart, filterStart) => {
    for (let i = 0; i < outChannels; i++) {
      const channel = multiplier === 1 ? i : Math.floor(i / multiplier);
      dx[xStart + channel]! += ws[filterStart + i]! * dys[dyStart + i]!;
    }
  });
  return output;
}

/**
 * Visits every pair of a filter position and an input pixel: the offsets in the flat arrays of the
 * channels of the input pixel, the output pixel and the filter position.
 */
function forEachOverlap(
  info: tf.backend_util.Conv2DInfo,
  visit: (xStart: number, dyStart: number, filterStart: number) => void,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  for (let item = 0; item < info.batchSize; item++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const dyStart = ((item * outHeight + outRow) * outWidth + outColumn) * outChannels;
        for (let row = 0; row < info.filterHeight; row++) {
          const y = outRow * info.strideHeight + row * info.dilationHeight - padInfo.top;
          if (y < 0 || y >= inHeight) continue;
          for (let column = 0; column < info.filterWidth; column++) {
            const x = outColumn * info.strideWidth + column * info.dilationWidth - padInfo.left;
            if (x < 0 || x >= inWidth) continue;
            const xStart = ((item * inHeight + y) * inWidth + x) * inChannels;
            visit(xStart, dyStart, (row * info.filterWidth + column) * outChannels);
          }
        }
      }
    }
  }
}
