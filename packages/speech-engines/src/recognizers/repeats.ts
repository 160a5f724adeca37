import { deflateSync } from "node:zlib";

/** Text that compresses better than this repeats itself; Whisper's `compression_ratio_threshold`. */
const mostCompressible = 2.4;

/** How many times smaller a text gets by zlib, as Whisper measures it. */
function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}

/** Whether a text repeats itself like no speaker does. */
export function repeatsItself(text: string): boolean {
  return compressionRatio(text) > mostCompressible;
}

/** Leaves one of each run of repeated words in a text that repeats itself like no speaker does. */
export function withoutRepeats(text: string): string {
  if (!repeatsItself(text)) return text;
  // The shortest unit that follows itself at least twice more.
  return text.replace(/(.{2,}?)(?:\s*\1){2,}/gsu, "$1").trim();
}
