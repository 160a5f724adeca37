import { AttendError } from "@attend/runtime/errors";
import { writeFileAtomic } from "@attend/runtime/files";
import type { Audio } from "../speech.ts";

export const headerBytes = 44;
const blockSamples = 65_536;

/**
 * Writes a WAV file of 16 bits with one channel. Samples beyond -1 and 1 are clipped.
 *
 * @throws AttendError WRITE_FAILED, naming the file and the remedy; no part of a file is left
 */
export async function writeWav(file: string, { samples, sampleRate }: Audio): Promise<void> {
  await writeFileAtomic(file, wavBlocks(samples, sampleRate));
}

/**
 * The bytes of the file that {@link writeWav} writes.
 *
 * @throws AttendError BAD_ARGUMENT if they exceed 4 GB
 */
export function formatWav({ samples, sampleRate }: Audio): Buffer {
  return Buffer.concat([...wavBlocks(samples, sampleRate)]);
}

function* wavBlocks(samples: Float32Array, sampleRate: number): Generator<Uint8Array> {
  yield wavHeader(samples.length, sampleRate);
  for (let start = 0; start < samples.length; start += blockSamples) {
    yield toInt16(samples.subarray(start, start + blockSamples));
  }
}

/** @param length the number of samples. @throws AttendError BAD_ARGUMENT if they exceed 4 GB */
export function wavHeader(length: number, sampleRate: number): Buffer {
  const dataBytes = 2 * length;
  if (dataBytes > 0xffff_ffff - headerBytes) {
    const remedy = "write several files, or at a lower sample rate";
    throw new AttendError("BAD_ARGUMENT", `a WAV file has at most 4 GB; ${remedy}`);
  }
  const header = Buffer.alloc(headerBytes);
  header.write("RIFF");
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16); // the size of the format
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(2 * sampleRate, 28); // bytes a second
  header.writeUInt16LE(2, 32); // bytes a frame
  header.writeUInt16LE(16, 34); // bits a sample
  header.write("data", 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Samples as 16-bit integers, little-endian, rounded and clipped. */
export function toInt16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), 2 * index);
  });
  return bytes;
}
