import { type AttendError, messageOf } from "@attend/runtime/errors";
import { badAudio } from "../bad-audio.ts";
import { isInstalled } from "../programs/installed.ts";
import { outputOf } from "../programs/output-of.ts";
import { readWav } from "../wav/read.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Decoding, Source } from "./decoding.ts";

interface Format {
  readonly name: string;
  /** ffmpeg's name for it, so that it does not guess */
  readonly demuxer: string;
  /** how such a file starts, with a character for each byte */
  readonly start: RegExp;
}

/** What only ffmpeg decodes. */
export const ffmpegFormats: readonly Format[] = [
  { name: "WebM", demuxer: "matroska", start: /^.E\xdf\xa3/s },
  { name: "MPEG-4 (M4A)", demuxer: "mov", start: /^.{4}ftyp/s },
  { name: "AAC", demuxer: "aac", start: /^\xff[\xf0\xf1\xf8\xf9]/ },
  { name: "Ogg", demuxer: "ogg", start: /^OggS/ },
  { name: "AIFF", demuxer: "aiff", start: /^FORM.{4}AIF[FC]/s },
  { name: "Windows Media", demuxer: "asf", start: /^0&\xb2u/ },
  { name: "AMR", demuxer: "amr", start: /^#!AMR/ },
];

/**
 * Decodes by the program ffmpeg, which ends with the loop over the chunks. A file is read by its path, because that of
 * an M4A may have its table of contents at the end.
 *
 * @throws AttendError BAD_AUDIO if ffmpeg is not installed, or cannot read the file
 */
export async function decodeByFfmpeg(
  bytes: ByteReader,
  { name: format, demuxer }: Format,
  { file, name, signal }: Source,
): Promise<Decoding> {
  if (!isInstalled("ffmpeg")) {
    const remedy = "install it (apt install ffmpeg), or convert the file to WAV";
    throw badAudio(name, `is ${format}, for which ffmpeg is needed; ${remedy}`);
  }
  const input = ["-protocol_whitelist", "file,pipe", "-f", demuxer, "-i"];
  const output = ["-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", "-"];
  const [source, piped] = file === "-" ? ["pipe:0", bytes.rest()] : [`file:${file}`];
  const args = ["-v", "error", ...input, source, ...output];
  const wav = new ByteReader(outputOf("ffmpeg", args, { input: piped, signal }));
  const failed = async (thrown: unknown) => {
    await wav.close();
    const remedy = "record or convert it again";
    return badAudio(name, `cannot be decoded: ${messageOf(thrown)}; ${remedy}`, thrown);
  };
  try {
    const { sampleRate, chunks } = await readWav(wav, { name, warn: () => {} });
    return { sampleRate, chunks: closing(chunks, wav, failed) };
  } catch (thrown) {
    throw await failed(thrown);
  }
}

async function* closing(
  chunks: AsyncIterable<Float32Array>,
  bytes: ByteReader,
  failed: (thrown: unknown) => Promise<AttendError>,
): AsyncGenerator<Float32Array> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw await failed(thrown);
  } finally {
    await bytes.close();
  }
}
