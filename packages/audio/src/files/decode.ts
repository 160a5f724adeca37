import { badAudio } from "../bad-audio.ts";
import { isWav, readWav } from "../wav/read.ts";
import type { ByteReader } from "./byte-reader.ts";
import { decodeCompressed, decoders } from "./compressed.ts";
import type { Decoding, Source } from "./decoding.ts";
import { decodeByFfmpeg, ffmpegFormats } from "./ffmpeg.ts";

/**
 * Reads a recording up to its first sample, whatever its container, which its first bytes tell.
 *
 * @throws AttendError BAD_AUDIO
 */
export async function decode(bytes: ByteReader, source: Source): Promise<Decoding> {
  const head = await bytes.peek(64);
  if (head.length === 0) throw badAudio(source.name, "is empty; give a recording");
  if (isWav(head)) return readWav(bytes, source);
  const text = Buffer.from(head).toString("latin1");
  const decoder = decoders.find(({ start }) => start.test(text));
  if (decoder) return decodeCompressed(bytes, await decoder.create(), source);
  const format = ffmpegFormats.find(({ start }) => start.test(text));
  if (format) return decodeByFfmpeg(bytes, format, source);
  const expected = "give a WAV, FLAC, MP3, Ogg, WebM or M4A file";
  throw badAudio(source.name, `is not a recording; ${expected}`);
}
