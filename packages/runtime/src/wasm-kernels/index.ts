import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../tf.ts";
import { checkAllocations } from "./allocation.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.ts";
import { convolveBackwards } from "./conv2d-backprop-input.ts";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise-backprop.ts";
import { gatherRows } from "./gather.ts";
import { identity } from "./identity.ts";
import { transposeFirst } from "./mat-mul.ts";
import { oneHot } from "./one-hot.ts";
import { addWasmKernel, replaceWasmKernel } from "./register.ts";
import { sliceInPlace } from "./slice.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

/**
 * Makes the wasm backend able to train: adds the missing kernels that gradients need, and replaces
 * those that are wrong or much slower than necessary. A tensor without memory is an error. Call it once, after the backend
 * has started.
 */
export function extendWasm(): void {
  checkAllocations(tf.backend() as BackendWasm);
  addWasmKernel("Conv2DBackpropFilter", conv2dBackpropFilter);
  addWasmKernel("DepthwiseConv2dNativeBackpropFilter", depthwiseBackpropFilter);
  addWasmKernel("DepthwiseConv2dNativeBackpropInput", depthwiseBackpropInput);
  addWasmKernel("UnsortedSegmentSum", unsortedSegmentSum);
  replaceWasmKernel("BatchMatMul", transposeFirst);
  replaceWasmKernel("_FusedMatMul", transposeFirst);
  replaceWasmKernel("Conv2DBackpropInput", convolveBackwards);
  replaceWasmKernel("GatherV2", gatherRows);
  replaceWasmKernel("Identity", () => identity);
  replaceWasmKernel("OneHot", () => oneHot);
  replaceWasmKernel("Slice", sliceInPlace);
}
