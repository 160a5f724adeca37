import type { tf } from "../tf.ts";
import type { KernelCall } from "./register.ts";

interface Inputs {
  readonly indices: tf.TensorInfo;
}

/**
 * `onValue` at each index and `offValue` elsewhere, `[...indicesShape, depth]`, in the requested
 * type: the backend's own kernel writes 32-bit integers whatever the type. An index outside of [0,
 * depth) gives a row of `offValue`.
 */
export function oneHot({
  inputs: { indices },
  attrs: { depth, onValue, offValue, dtype },
  backend,
}: KernelCall<Inputs, tf.OneHotAttrs>): tf.TensorInfo {
  const output = backend.makeOutput([...indices.shape, depth], dtype);
  // Views of the heap: created after the allocation, which may move it.
  const values = backend.typedArrayFromHeap(output);
  values.fill(offValue);
  for (const [row, index] of backend.typedArrayFromHeap(indices).entries()) {
    if (index >= 0 && index < depth) values[row * depth + index] = onValue;
  }
  return output;
}
