import { badAudio } from "../bad-audio.ts";
import type { ByteReader } from "../files/byte-reader.ts";
import type { Decoding, Source } from "../files/decoding.ts";
import { parseFormat, type WavFormat } from "./format.ts";

/** Few, so that what a microphone hears comes soon. */
const blockFrames = 2048;
/** A writer that cannot go back to the header claims at least this many bytes: SoX, arecord. */
const streamedBytes = 0x7fff_f000;

/** Whether a file's first 12 bytes are those of a WAV file, also of one above 4 GB. */
export function isWav(head: Uint8Array): boolean {
  return /^(?:RIFF|RF64|BW64).{4}WAVE$/s.test(latin1(head.subarray(0, 12)));
}

/**
 * Reads a WAV file up to its first sample. Sizes are believed only as far as the file goes: a
 * truncated one yields the samples it has, with a warning, and one that was written as a stream,
 * with sizes of 0 or 0xFFFFFFFF, is read to its end. RF64: EBU Tech 3306 (2009).
 *
 * @throws AttendError BAD_AUDIO if the header is damaged or the encoding is not known
 */
export async function readWav(
  bytes: ByteReader,
  { name, warn }: Pick<Source, "name" | "warn">,
): Promise<Decoding> {
  const riffBytes = uint32(await bytes.read(12), 4);
  let format: WavFormat | undefined;
  let longDataBytes: number | undefined;
  for (;;) {
    const header = await bytes.read(8);
    if (header.length < 8) throw badAudio(name, "has no samples; record it again");
    const [id, size] = [latin1(header.subarray(0, 4)), uint32(header, 4)];
    if (id === "data") {
      if (format === undefined) {
        throw badAudio(name, "is damaged: its samples have no format; record it again");
      }
      // An empty header that was never completed ends the file where the samples start.
      const neverSet = size === 0 && (riffBytes + 8 <= bytes.position || riffBytes > 0xffff_fff0);
      const dataBytes = neverSet || size === 0xffff_ffff ? (longDataBytes ?? Infinity) : size;
      return {
        sampleRate: format.sampleRate,
        chunks: decodeFrames(bytes, format, dataBytes, (message) => warn(`${name} ${message}`)),
      };
    }
    const padded = size + (size % 2);
    if (id !== "fmt " && id !== "ds64") await bytes.skip(padded);
    else {
      if (size > 65_536)
        throw badAudio(name, `is damaged: its ${id.trim()} takes ${size} bytes; record it again`);
      const chunk = await bytes.read(padded);
      if (id === "fmt ") format = parseFormat(chunk.subarray(0, size), name);
      else if (chunk.length >= 16) longDataBytes = uint32(chunk, 8) + uint32(chunk, 12) * 2 ** 32;
    }
  }
}

async function* decodeFrames(
  bytes: ByteReader,
  { sampleRate, frameBytes, decode }: WavFormat,
  dataBytes: number,
  warn: (message: string) => void,
): AsyncGenerator<Float32Array> {
  let left = dataBytes;
  while (left >= frameBytes) {
    const wanted = Math.min(blockFrames, Math.floor(left / frameBytes)) * frameBytes;
    const block = await bytes.read(wanted);
    const whole = block.length - (block.length % frameBytes);
    if (whole > 0) yield decode(block.subarray(0, whole));
    left -= whole;
    if (block.length === wanted) continue;
    if (dataBytes < streamedBytes) {
      const seconds = (count: number) => `${(count / frameBytes / sampleRate).toFixed(1)} s`;
      const [said, there] = [seconds(dataBytes), seconds(dataBytes - left)];
      warn(`is truncated: it should have ${said} and has ${there}, which are used`);
    }
    return;
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Little-endian; NaN where the bytes end before. */
function uint32(bytes: Uint8Array, offset: number): number {
  const [a = NaN, b = NaN, c = NaN, d = NaN] = bytes.subarray(offset, offset + 4);
  return a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24;
}
