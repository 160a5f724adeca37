import { tf } from "../tf.ts";
import type { KernelCall } from "./register.ts";

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly segmentIds: tf.TensorInfo;
}

/**
 * Sums the rows of `x` that have the same segment id: the gradient of `gather`, and thus of an
 * embedding.
 *
 * `x` is `[...idsShape, ...rowShape]`, `segmentIds` is `[...idsShape]`, the result is
 * `[numSegments, ...rowShape]`. Rows whose id is outside of [0, numSegments) are ignored.
 */
export function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
  backend,
}: KernelCall<Inputs, tf.UnsortedSegmentSumAttrs>): tf.TensorInfo {
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const rowSize = tf.util.sizeFromShape(rowShape);
  const output = backend.makeOutput([numSegments, ...rowShape], x.dtype);
  // Views of the heap: created after the allocation, which may move it.
  const sums = backend.typedArrayFromHeap(output);
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);

  sums.fill(0);
  for (const [row, id] of ids.entries()) {
    if (id < 0 || id >= numSegments) continue;
    const from = row * rowSize;
    const to = id * rowSize;
    for (let i = 0; i < rowSize; i++) sums[to + i]! += values[from + i]!;
  }
  return output;
}
