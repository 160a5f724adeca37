import type { FeatureKind } from "./layout.ts";
import { type FeatureCache, openFeatureCache } from "./reader.ts";
import { createFeatureCacheWriter } from "./writer.ts";

/** Some rows of a cache. */
export interface FeatureRows {
  readonly ids: readonly string[];
  /** `[ids, positions, channels]` */
  readonly features: Float32Array;
}

/**
 * Opens a feature cache, after adding those of `ids` that it lacks. Continues an interrupted run. The caller closes the
 * cache.
 *
 * @param ids each once
 * @param compute the missing rows, in any order
 * @param onProgress called with the number of `ids` that are cached, and of all
 * @throws AttendError like `createFeatureCacheWriter` and its `append`; whatever `compute` throws
 */
export async function completeFeatureCache(
  folder: string,
  kind: FeatureKind,
  ids: readonly string[],
  compute: (missing: readonly string[]) => AsyncIterable<FeatureRows>,
  onProgress?: (done: number, total: number) => void,
): Promise<FeatureCache> {
  const complete = await openFeatureCache(folder, kind).catch(() => undefined);
  if (complete !== undefined) {
    if (ids.every((id) => complete.has(id))) return complete;
    await complete.close();
  }
  const writer = await createFeatureCacheWriter(folder, kind);
  try {
    const missing = ids.filter((id) => !writer.has(id));
    let done = ids.length - missing.length;
    for await (const rows of compute(missing)) {
      await writer.append(rows.ids, rows.features);
      done += rows.ids.length;
      onProgress?.(done, ids.length);
    }
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }
  await writer.finish();
  return openFeatureCache(folder, kind);
}
