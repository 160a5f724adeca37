/** A chunk of a RIFF file. */
export interface Chunk {
  readonly id: string;
  readonly data: Uint8Array;
  /** what the header says; the data's length by default */
  readonly size?: number;
}

/** A WAV file of any chunks. */
export function wavOf(
  chunks: readonly Chunk[],
  { id = "RIFF", size }: { readonly id?: string; readonly size?: number } = {},
): Buffer {
  const body = Buffer.concat(
    chunks.map((chunk) => {
      const padding = Buffer.alloc(chunk.data.length % 2);
      return Buffer.concat([
        ascii(chunk.id),
        uint32(chunk.size ?? chunk.data.length),
        chunk.data,
        padding,
      ]);
    }),
  );
  return Buffer.concat([ascii(id), uint32(size ?? 4 + body.length), ascii("WAVE"), body]);
}

export interface FormatOptions {
  readonly tag?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly frameBytes?: number;
  /** after the first 16 bytes */
  readonly more?: Uint8Array;
}

/** The chunk `fmt `: 16 bits, one channel, 16 kHz by default. */
export function formatChunk({
  tag = 1,
  bits = 16,
  channels = 1,
  sampleRate = 16_000,
  frameBytes = (channels * bits) / 8,
  more = new Uint8Array(0),
}: FormatOptions = {}): Chunk {
  const fields = Buffer.alloc(16);
  fields.writeUInt16LE(tag, 0);
  fields.writeUInt16LE(channels, 2);
  fields.writeUInt32LE(sampleRate, 4);
  fields.writeUInt32LE(sampleRate * frameBytes, 8);
  fields.writeUInt16LE(frameBytes, 12);
  fields.writeUInt16LE(bits, 14);
  return { id: "fmt ", data: Buffer.concat([fields, more]) };
}

/** The chunk `data` of 16-bit samples. */
export function dataChunk(samples: readonly number[], size?: number): Chunk {
  const data = new Uint8Array(Int16Array.from(samples).buffer);
  return size === undefined ? { id: "data", data } : { id: "data", data, size };
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
