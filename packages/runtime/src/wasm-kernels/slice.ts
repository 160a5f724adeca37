import { tf } from "../tf.ts";
import type { Kernel } from "./register.ts";

interface Inputs {
  readonly x: tf.Tensor;
}

/**
 * Makes a contiguous slice copy only its own values: the wasm backend copies the entire tensor
 * first, so that a loop over time steps takes quadratic time.
 */
export function sliceInPlace(slice: Kernel<Inputs, tf.SliceAttrs>): Kernel<Inputs, tf.SliceAttrs> {
  return (call) => {
    const { x } = call.inputs;
    const [begin = [], size = []] = tf.slice_util.parseSliceParams(
      x,
      call.attrs.begin,
      call.attrs.size,
    );
    if (x.dtype === "string" || !tf.slice_util.isSliceContinous(x.shape, begin, size)) {
      return slice(call);
    }
    const output = call.backend.makeOutput(size, x.dtype);
    const start = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape));
    // Views of the heap: created after the allocation, which may move it.
    const values = call.backend.typedArrayFromHeap(x);
    const sliced = call.backend.typedArrayFromHeap(output);
    sliced.set(values.subarray(start, start + sliced.length));
    return output;
  };
}
