import { existsSync } from "node:fs";
import { join } from "node:path";
import { yieldTurn } from "@attend/runtime";
import { parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { messageOf } from "@attend/runtime/errors";
import { z } from "zod";
import { loadImage } from "./load-image.ts";

/** A photo's name, and the path of its file. */
interface NamedPhoto {
  readonly id: string;
  readonly file: string;
}

interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Photos decoded at a time. */
const batchSize = 16;

/**
 * Finds photos that cannot be read, by reading all.
 *
 * @returns a line about each, by its name
 * @throws AttendError INTERRUPTED if `signal` is aborted
 */
export async function findUnreadable(
  photos: readonly NamedPhoto[],
  imageSize: number,
  { signal, onProgress }: CheckOptions = {},
): Promise<Map<string, string>> {
  const unreadable = new Map<string, string>();
  for (let at = 0; at < photos.length; at += batchSize) {
    await yieldTurn(signal);
    const batch = photos.slice(at, at + batchSize);
    const faults = await Promise.all(batch.map(({ file }) => faultOf(file, imageSize)));
    for (const [i, { id }] of batch.entries()) {
      const fault = faults[i];
      if (fault !== undefined) unreadable.set(id, `${fault}; the photo is skipped`);
    }
    onProgress?.(at + batch.length, photos.length);
  }
  return unreadable;
}

const leftOutSchema = z.array(z.string());

/**
 * {@link findUnreadable}, for a training: records the names in `left-out.json` in its folder, so that a resumed
 * training uses the same photos as before, whatever has happened to them since.
 */
export async function findUnreadableOnce(
  photos: readonly NamedPhoto[],
  imageSize: number,
  { out, resume, ...options }: CheckOptions & { readonly out: string; readonly resume: boolean },
): Promise<Map<string, string>> {
  const file = join(out, "left-out.json");
  if (resume && existsSync(file)) {
    const recorded = parseConfig(leftOutSchema, await readJson(file), file);
    return new Map(
      recorded.map((id) => [id, `${id} is skipped, as when the training started (${file})`]),
    );
  }
  const unreadable = await findUnreadable(photos, imageSize, options);
  await writeJson(file, [...unreadable.keys()]);
  return unreadable;
}

async function faultOf(file: string, size: number): Promise<string | undefined> {
  try {
    await loadImage(file, { size });
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
