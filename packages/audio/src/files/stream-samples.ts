import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import { badAudio } from "../bad-audio.ts";
import { Resampler, requireRate } from "../resample/resample.ts";
import { joinSamples } from "../samples.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Decoding } from "./decoding.ts";

/**
 * Decodes a stream of bytes to mono samples of one rate, in chunks of one size, of which the last may be smaller.
 * The stream is closed at the end, and when the loop over the chunks is left.
 *
 * @param name names the stream in errors
 * @param open reads the stream up to its first sample
 * @throws AttendError BAD_AUDIO if there are no samples; that of `open`; READ_FAILED; BAD_ARGUMENT for the rate
 */
export async function* streamSamples(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  open: (bytes: ByteReader) => Promise<Decoding>,
  { sampleRate, chunkSeconds }: { readonly sampleRate: number; readonly chunkSeconds: number },
): AsyncGenerator<Float32Array> {
  requireRate(sampleRate); // Before a program is started that would have to be ended.
  const reader = new ByteReader(bytes);
  try {
    const decoding = await open(reader);
    const resampler = new Resampler(decoding.sampleRate, sampleRate);
    const size = Math.max(1, Math.round(chunkSeconds * sampleRate));
    let held: Float32Array[] = [];
    let isEmpty = true;
    for await (const samples of decoding.chunks) {
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
    await reader.close();
  }
}

function inChunks(pieces: readonly Float32Array[], size: number): Float32Array[] {
  const joined = joinSamples(pieces);
  const count = Math.ceil(joined.length / size);
  return Array.from({ length: count }, (_, index) =>
    joined.slice(index * size, (index + 1) * size),
  );
}
