import { isRecording } from "../custom-gradient.ts";
import { hasFusedKernels } from "../engines/fused-kernels.ts";
import { isNative } from "../kernels.ts";

/**
 * Whether kernels without a gradient may be used: they are available, and no gradient is being
 * recorded.
 */
export function hasInferenceKernels(): boolean {
  return hasFusedKernels() && isNative() && !isRecording();
}
