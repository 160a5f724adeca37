import { messageOf } from "@attend/runtime/errors";
import { badAudio } from "../bad-audio.ts";
import { isInstalled } from "../programs/installed.ts";
import { outputOf } from "../programs/output-of.ts";
import { readWav } from "../wav/read.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Decoding } from "./decoding.ts";

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
 * @param file a path, or `-` if only the bytes are there
 * @throws AttendError BAD_AUDIO if ffmpeg is not installed, or cannot read the file
 */
export async function decodeByFfmpeg(
  bytes: ByteReader,
  file: string,
  name: string,
  { name: format, demuxer }: Format,
): Promise<Decoding> {
  if (!isInstalled("ffmpeg")) {
    const remedy = "install it (apt install ffmpeg), or convert the file to WAV";
    throw badAudio(name, `is ${format}, for which ffmpeg is needed; ${remedy}`);
  }
  const input = ["-protocol_whitelist", "file,pipe", "-f", demuxer, "-i"];
  const output = ["-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", "-"];
  const source = file === "-" ? "pipe:0" : `file:${file}`;
  const wav = new ByteReader(
    outputOf("ffmpeg", ["-v", "error", ...input, source, ...output], {
      input: file === "-" ? bytes.rest() : undefined,
    }),
  );
  try {
    const { sampleRate, chunks } = await readWav(wav, name, () => {});
    return { sampleRate, chunks: closing(chunks, wav) };
  } catch (thrown) {
    await wav.close();
    throw badAudio(
      name,
      `cannot be decoded: ${messageOf(thrown)}; record or convert it again`,
      thrown,
    );
  }
}

async function* closing(
  chunks: AsyncIterable<Float32Array>,
  bytes: ByteReader,
): AsyncGenerator<Float32Array> {
  try {
    yield* chunks;
  } finally {
    await bytes.close();
  }
}
