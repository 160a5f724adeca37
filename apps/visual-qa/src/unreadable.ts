import { findUnreadable, findUnreadableOnce } from "@attend/cnn-encoder";

/** How photos are checked. */
export interface CheckOptions {
  readonly imageSize: number;
  /** The training that they are for, see {@link findUnreadableOnce}. */
  readonly training?: { readonly out: string; readonly resume: boolean };
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Finds the photos that cannot be read, by reading all.
 *
 * @param paths may contain a path several times
 * @returns their paths, and if there are some, a line that counts them and names the first
 * @throws AttendError INTERRUPTED if `signal` is aborted
 */
export async function unreadablePhotos(
  paths: readonly string[],
  { imageSize, training, ...options }: CheckOptions,
): Promise<{ unreadable: ReadonlySet<string>; warning?: string }> {
  const photos = [...new Set(paths)].map((file) => ({ id: file, file }));
  const faults = await (training === undefined
    ? findUnreadable(photos, imageSize, options)
    : findUnreadableOnce(photos, imageSize, { ...training, ...options }));
  const unreadable = new Set(faults.keys());
  const [first] = faults.values();
  if (first === undefined) return { unreadable };
  const warning = `${unreadable.size} of ${photos.length} photos cannot be read; the first: ${first}`;
  return { unreadable, warning };
}
