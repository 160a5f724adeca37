import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../tf.ts";

/** What TensorFlow.js hands to a kernel: its inputs by name, its attributes and the wasm backend. */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

export type Kernel<Inputs, Attributes> = (
  call: KernelCall<Inputs, Attributes>,
) => tf.TensorInfo | tf.TensorInfo[];

/**
 * Gives the wasm backend a kernel that it lacks. Gradients are not recorded inside a kernel, so it
 * may be written with the operations of `tf`.
 */
export function addWasmKernel<Inputs, Attributes>(
  kernelName: string,
  kernel: Kernel<Inputs, Attributes>,
): void {
  // The registry knows neither which inputs and attributes belong to a name nor the backend's type.
  const kernelFunc = kernel as unknown as tf.KernelFunc;
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}

/** Replaces a kernel of the wasm backend by one made from it. */
export function replaceWasmKernel<Inputs, Attributes>(
  kernelName: string,
  make: (original: Kernel<Inputs, Attributes>) => Kernel<Inputs, Attributes>,
): void {
  const original = tf.getKernel(kernelName, "wasm").kernelFunc;
  tf.unregisterKernel(kernelName, "wasm");
  addWasmKernel(kernelName, make(original as unknown as Kernel<Inputs, Attributes>));
}
