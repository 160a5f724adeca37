import { tf } from "../tf.ts";
import type { Kernel } from "./register.ts";

interface Inputs {
  readonly x: tf.Tensor;
  readonly indices: tf.Tensor;
}

/**
 * Makes a gather along the first axis copy rows: the wasm backend computes the place of every single
 * element, which took two fifths of the time to caption a photo (each beam reads its photo's features).
 */
export function gatherRows(
  gather: Kernel<Inputs, tf.GatherV2Attrs>,
): Kernel<Inputs, tf.GatherV2Attrs> {
  return (call) => {
    const { x, indices } = call.inputs;
    const { axis, batchDims } = call.attrs;
    const [count = 0, ...row] = x.shape;
    const rows = [...call.backend.typedArrayFromHeap(indices)];
    const inside = rows.every((index) => index >= 0 && index < count);
    // The backend's own kernel reports an index that is outside.
    if (axis !== 0 || batchDims !== 0 || !inside) return gather(call);
    const output = call.backend.makeOutput([...indices.shape, ...row], x.dtype);
    const size = tf.util.sizeFromShape(row);
    // Views of the heap: created after the allocation, which may move it.
    const values = call.backend.typedArrayFromHeap(x);
    const gathered = call.backend.typedArrayFromHeap(output);
    rows.forEach((index, i) => {
      gathered.set(values.subarray(index * size, (index + 1) * size), i * size);
    });
    return output;
  };
}
