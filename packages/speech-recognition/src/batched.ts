import type { Features } from "@attend/audio";
import { tf } from "@attend/runtime";

/** Features as a tensor `[batch, frames, size]`, padded with zeros, which the caller disposes; and the frames of each. */
export function batched(all: readonly Features[]): { features: tf.Tensor3D; lengths: number[] } {
  const lengths = all.map(({ frames }) => frames);
  const longest = Math.max(...lengths);
  const size = all[0]?.size ?? 0;
  const data = new Float32Array(all.length * longest * size);
  for (const [row, features] of all.entries()) data.set(features.data, row * longest * size);
  return { features: tf.tensor3d(data, [all.length, longest, size]), lengths };
}
