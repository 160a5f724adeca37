import { badAudio } from "../bad-audio.ts";
import { toRange } from "../samples.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { Decoding, Source } from "./decoding.ts";

/** What the decoders of the wasm-audio-decoders family have in common. */
interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): void;
}

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors: readonly unknown[];
}

/** What is decoded without ffmpeg, and how such a file starts, with a character for each byte. */
export const decoders: readonly { start: RegExp; create(): Promise<Decoder> }[] = [
  {
    start: /^(?:fLaC|OggS.{25}FLAC)/s,
    create: async () => new (await import("@wasm-audio-decoders/flac")).FLACDecoder(),
  },
  {
    start: /^OggS.{24}OpusHead/s,
    create: async () => new (await import("ogg-opus-decoder")).OggOpusDecoder(),
  },
  {
    start: /^OggS.{25}vorbis/s,
    create: async () => new (await import("@wasm-audio-decoders/ogg-vorbis")).OggVorbisDecoder(),
  },
  {
    // A tag, or a frame of layer 2 or 3.
    start: /^(?:ID3|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd])/,
    create: async () => new (await import("mpg123-decoder")).MPEGDecoder(),
  },
];

/** @throws AttendError BAD_AUDIO if there are no samples */
export async function decodeCompressed(
  bytes: ByteReader,
  decoder: Decoder,
  source: Source,
): Promise<Decoding> {
  await decoder.ready;
  const pieces = decodeAll(bytes, decoder, source);
  const { value: first } = await pieces.next();
  if (!first)
    throw badAudio(source.name, "has no samples that can be decoded; record or convert it again");
  return { sampleRate: first.sampleRate, chunks: mixed(first, pieces) };
}

/** Everything that has samples. */
async function* decodeAll(
  bytes: ByteReader,
  decoder: Decoder,
  { name, warn }: Source,
): AsyncGenerator<Decoded, undefined> {
  let faults = 0;
  try {
    for await (const chunk of bytes.rest()) {
      const decoded = await decoder.decode(chunk);
      faults += decoded.errors.length;
      if (decoded.samplesDecoded > 0) yield decoded;
    }
    const last = await decoder.flush?.();
    if (last && last.samplesDecoded > 0) yield last;
    if (faults > 0) warn(`${name} is damaged in ${faults} places; the rest of it is used`);
  } finally {
    decoder.free();
  }
}

async function* mixed(
  first: Decoded,
  others: AsyncIterable<Decoded>,
): AsyncGenerator<Float32Array> {
  yield mean(first);
  for await (const decoded of others) yield mean(decoded);
}

function mean({ channelData, samplesDecoded }: Decoded): Float32Array {
  return new Float32Array(samplesDecoded).map((_, n) => {
    const sum = channelData.reduce((total, channel) => total + (channel[n] ?? 0), 0);
    return toRange(sum / channelData.length);
  });
}
