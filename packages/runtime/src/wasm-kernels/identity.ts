import type { tf } from "../tf.ts";
import type { KernelCall } from "./register.ts";

interface Inputs {
  readonly x: tf.TensorInfo;
}

/**
 * A tensor of the same memory. The wasm backend copies it, which doubles the memory of a training: whatever is kept for
 * the backward pass is a clone.
 */
export function identity({ inputs: { x }, backend }: KernelCall<Inputs, object>): tf.TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}
