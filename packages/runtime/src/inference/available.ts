import { isRecording } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { isNative } from "../kernels.ts";

/** Whether kernels without a gradient may be taken: they are there, and no gradient is asked for. */
export function hasInferenceKernels(): boolean {
  return hasFusedKernels() && isNative() && !isRecording();
}
