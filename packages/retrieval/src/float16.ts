import { decodeFloat16, encodeFloat16 } from "@attend/nn";

/** Numbers with the precision of a model's file, so that a loaded model says what the trained one said. */
export function roundToFloat16(values: ArrayLike<number>): Float32Array {
  return decodeFloat16(encodeFloat16(Float32Array.from(values)));
}
