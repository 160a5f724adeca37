import { createFeatureCacheWriter } from "@attend/datasets";
import type { Random } from "@attend/runtime";

/** Writes a feature cache of photos that need not exist. */
export async function writeRandomFeatures(
  folder: string,
  ids: readonly string[],
  shape: [positions: number, channels: number],
  random: Random,
): Promise<void> {
  const writer = await createFeatureCacheWriter(folder, { key: "random", shape });
  for (const id of ids) {
    // Half of them are 0 and the largest is 6, as after a ReLU6.
    const features = Float32Array.from({ length: shape[0] * shape[1] }, () =>
      Math.max(0, 12 * random.uniform() - 6),
    );
    await writer.append([id], features);
  }
  await writer.finish();
}
