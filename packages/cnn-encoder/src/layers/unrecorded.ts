import { customGradient, isRecording, type tf } from "@attend/runtime";

/**
 * Runs `body` without recording it for the backward pass: no intermediate tensors are kept, and the
 * result is a constant.
 */
export function unrecorded<T extends tf.Tensor>(body: () => T): T {
  return customGradient<T>(
    [],
    () => ({ value: body(), saved: [] }),
    () => [],
  );
}

/** Frees an intermediate result at once, unless it is being recorded for the backward pass. */
export function freeUnrecorded(tensor: tf.Tensor): void {
  if (!isRecording()) tensor.dispose();
}
