import { createReadStream } from "node:fs";
import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import { badAudio } from "../bad-audio.ts";
import { joinSamples, Resampler } from "../resample/resample.ts";
import type { Audio } from "../speech.ts";
import { ByteReader } from "./byte-reader.ts";
import { decode } from "./decode.ts";
import type { Warn } from "./decoding.ts";

export interface StreamOptions {
  /** samples per second of the result; 16000 by default, which recognizers expect */
  readonly sampleRate?: number;
  /** of each chunk but the last; 0.5 by default */
  readonly chunkSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with one line if a part of the file is missing. A process warning by default. */
  readonly warn?: Warn;
}

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
  for await (const chunk of streamAudio(file, { ...options, chunkSeconds: 10 })) {
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
  const bytes = new ByteReader(stream);
  try {
    const decoding = await decode(bytes, name, warn);
    const resampler = new Resampler(decoding.sampleRate, sampleRate);
    const size = Math.max(1, Math.round(chunkSeconds * sampleRate));
    let held: Float32Array[] = [];
    let isEmpty = true;
    for await (const samples of decoding.chunks) {
      if (signal?.aborted) throw new AttendError("INTERRUPTED", `${name} was not read to its end`);
      isEmpty = false;
      held.push(resampler.push(samples));
      const chunks = inChunks(held, size);
      held = chunks.splice(-1);
      yield* chunks;
    }
    if (isEmpty) throw badAudio(name, "has no samples; record it again");
    yield* inChunks([...held, resampler.end()], size);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? thrown : readError(name, thrown);
  } finally {
    await bytes.close();
  }
}

/** The pieces joined, and cut into chunks of one size, of which the last may be smaller. */
function inChunks(pieces: readonly Float32Array[], size: number): Float32Array[] {
  const joined = joinSamples(pieces);
  const count = Math.ceil(joined.length / size);
  return Array.from({ length: count }, (_, index) =>
    joined.slice(index * size, (index + 1) * size),
  );
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function emitWarning(message: string): void {
  process.emitWarning(message);
}
