import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../tf.ts";

/**
 * What TensorFlow.js passes to a kernel: its inputs by name, its attributes and the wasm backend.
 */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

export type Kernel<Inputs, Attributes> = (
  call: KernelCall<Inputs, Attributes>,
) => tf.TensorInfo | tf.TensorInfo[];

/**
 * Adds a missing kernel to the wasm backend. Gradients are not recorded inside a kernel, so it can
 * be written with `tf` operations.
 */
export function addWasmKernel<Inputs, Attributes>(
  kernelName: string,
  kernel: Kernel<Inputs, Attributes>,
): void {
  // The registry's types know neither a kernel's inputs and attributes nor the backend.
  const kernelFunc = kernel as unknown as tf.KernelFunc;
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}

/** Replaces a kernel of the wasm backend by one that wraps it. */
export function replaceWasmKernel<Inputs, Attributes>(
  kernelName: string,
  make: (original: Kernel<Inputs, Attributes>) => Kernel<Inputs, Attributes>,
): void {
  const original = tf.getKernel(kernelName, "wasm").kernelFunc;
  tf.unregisterKernel(kernelName, "wasm");
  addWasmKernel(kernelName, make(original as unknown as Kernel<Inputs, Attributes>));
}
