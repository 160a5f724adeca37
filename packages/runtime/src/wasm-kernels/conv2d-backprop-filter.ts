import { tf } from "../tf.ts";
import type { KernelCall } from "./register.ts";

interface Inputs {
  readonly x: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}

type Call = KernelCall<Inputs, tf.Conv2DBackpropFilterAttrs>;

/**
 * The gradient of a convolution with respect to its filter.
 *
 * `x` is `[batch, height, width, inChannels]`, `dy` is `[batch, outHeight, outWidth, outChannels]`,
 * the result `[filterHeight, filterWidth, inChannels, outChannels]`: for each filter position, one
 * matrix product of the pixels under it with `dy`.
 */
export function conv2dBackpropFilter({ inputs: { x, dy }, attrs, backend }: Call): tf.Tensor {
  const { strides, pad, dimRoundingMode, filterShape } = attrs;
  const dilations = 1; // The gradient of conv2d supports no others.
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  return tf.tidy(() => {
    const dyRows = tf.reshape(dy, [-1, info.outChannels]);
    const products: tf.Tensor[] = [];
    for (let row = 0; row < info.filterHeight; row++) {
      for (let column = 0; column < info.filterWidth; column++) {
        const pixels = pixelsUnder(info, backend, x, row, column); // [pixels, inChannels]
        products.push(tf.matMul(pixels, dyRows, true)); // [inChannels, outChannels]
      }
    }
    return tf.reshape(tf.stack(products), filterShape);
  });
}

/**
 * The pixels of `x` under one filter position, in the order of the output pixels: `[batch *
 * outHeight * outWidth, inChannels]`, zero outside the image.
 */
function pixelsUnder(
  info: tf.backend_util.Conv2DInfo,
  backend: Call["backend"],
  x: tf.Tensor4D,
  filterRow: number,
  filterColumn: number,
): tf.Tensor {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const output = backend.makeOutput([info.batchSize * outHeight * outWidth, inChannels], "float32");
  // Views of the heap: created after the allocation, which may move it.
  const pixels = backend.typedArrayFromHeap(output).fill(0);
  const values = backend.typedArrayFromHeap(x);

  for (let outRow = 0; outRow < info.batchSize * outHeight; outRow++) {
    const item = Math.floor(outRow / outHeight);
    const row = (outRow % outHeight) * info.strideHeight + filterRow - padInfo.top;
    if (row < 0 || row >= inHeight) continue;
    for (let outColumn = 0; outColumn < outWidth; outColumn++) {
      const column = outColumn * info.strideWidth + filterColumn - padInfo.left;
      if (column < 0 || column >= inWidth) continue;
      const from = ((item * inHeight + row) * inWidth + column) * inChannels;
      const to = (outRow * outWidth + outColumn) * inChannels;
      for (let i = 0; i < inChannels; i++) pixels[to + i] = values[from + i]!;
    }
  }
  return tf.engine().makeTensorFromTensorInfo(output);
}
