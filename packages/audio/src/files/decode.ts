import { badAudio } from "../bad-audio.ts";
import { isWav, readWav } from "../wav/read.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { Decoding, Warn } from "./decoding.ts";

/**
 * Reads a recording up to its first sample, whatever its container.
 *
 * @throws AttendError BAD_AUDIO
 */
export async function decode(bytes: ByteReader, name: string, warn: Warn): Promise<Decoding> {
  const head = await bytes.peek(4096);
  if (head.length === 0) throw badAudio(name, "is empty; give a recording");
  if (isWav(head)) return readWav(bytes, name, warn);
  throw badAudio(name, "is not a recording; give a WAV file");
}
