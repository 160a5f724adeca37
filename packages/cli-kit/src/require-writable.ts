import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ensureWritableDirectory } from "@attend/runtime/files";

/**
 * Makes sure, before long work, that its result can be written to a file.
 *
 * @throws AttendError WRITE_FAILED if the file's folder is not writable
 */
export async function requireWritable(file: string): Promise<void> {
  // Pipes and devices already exist, in folders where files cannot be created.
  const isPlain = await stat(file).then(
    (found) => found.isFile(),
    () => true,
  );
  if (isPlain) await ensureWritableDirectory(dirname(file));
}
