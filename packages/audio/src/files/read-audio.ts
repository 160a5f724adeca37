import { createReadStream } from "node:fs";
import { addAbortSignal } from "node:stream";
import { AttendError } from "@attend/runtime/errors";
import { badAudio } from "../bad-audio.ts";
import { joinSamples } from "../samples.ts";
import type { Audio } from "../speech.ts";
import type { ByteReader } from "./byte-reader.ts";
import { decode } from "./decode.ts";
import { streamSamples } from "./stream-samples.ts";

/** Options of {@link streamAudio}. */
export interface StreamOptions {
  /** samples per second of the result; 16000 by default, which recognizers expect */
  readonly sampleRate?: number;
  /** of each chunk but the last; 0.5 by default */
  readonly chunkSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with one line if a part of the file is missing. A process warning by default. */
  readonly warn?: (message: string) => void;
}

/** Options of {@link readAudio}. */
export interface ReadOptions extends Omit<StreamOptions, "chunkSeconds"> {
  /** the longest recording that is read; 7200 by default, 0.5 GB at 16 kHz */
  readonly maxSeconds?: number;
}

/**
 * Reads a recording. What it is (WAV, FLAC, MP3, Ogg, WebM, M4A) is told by its content; several
 * channels become their mean.
 *
 * @param file a path, or `-` for standard input
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_AUDIO if it is not a recording, has no
 * samples, is damaged or too long, or needs a program that is not installed; INTERRUPTED
 */
export async function readAudio(file: string, options: ReadOptions = {}): Promise<Audio> {
  const { maxSeconds = 7200, sampleRate = 16_000 } = options;
  const chunks: Float32Array[] = [];
  let length = 0;
  for await (const chunk of streamAudio(file, options)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxSeconds * sampleRate) {
      const remedy = "give a shorter recording, or raise `maxSeconds`";
      throw badAudio(nameOf(file), `is longer than ${maxSeconds} s; ${remedy}`);
    }
  }
  return { samples: joinSamples(chunks), sampleRate };
}

/**
 * Reads a recording chunk by chunk, as {@link readAudio} does: the chunks, joined, are its samples.
 * Memory does not grow with the recording. The file is closed at the end, and when the loop over
 * the chunks is left.
 */
export async function* streamAudio(
  file: string,
  { sampleRate = 16_000, chunkSeconds = 0.5, signal, warn = emitWarning }: StreamOptions = {},
): AsyncGenerator<Float32Array> {
  const name = nameOf(file);
  const stream = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 2 ** 18 });
  if (signal) addAbortSignal(signal, stream);
  const open = (bytes: ByteReader) => decode(bytes, { file, name, warn, signal });
  try {
    for await (const chunk of streamSamples(stream, name, open, { sampleRate, chunkSeconds })) {
      if (signal?.aborted) break;
      yield chunk;
    }
  } catch (thrown) {
    if (!signal?.aborted) throw thrown;
  }
  if (signal?.aborted) throw new AttendError("INTERRUPTED", `${name} was not read to its end`);
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function emitWarning(message: string): void {
  process.emitWarning(message);
}
