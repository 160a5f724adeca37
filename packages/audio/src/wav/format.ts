import { badAudio } from "../bad-audio.ts";
import { toRange } from "../samples.ts";

/** Turns a block of frames into mono samples from -1 to 1. */
export interface WavFormat {
  readonly sampleRate: number;
  /** bytes per frame: one sample of every channel */
  readonly frameBytes: number;
  /** @param bytes whole frames */
  decode(bytes: Uint8Array): Float32Array;
}

type ReadSample = (view: DataView, offset: number) => number;

const tags = { pcm: 1, float: 3, aLaw: 6, muLaw: 7, extensible: 0xfffe };
const otherTags = new Map([
  [0x02, "Microsoft ADPCM"],
  [0x11, "IMA ADPCM"],
  [0x31, "GSM 6.10"],
  [0x50, "MPEG"],
  [0x55, "MP3"],
]);

/**
 * Reads the `fmt ` chunk of a WAV file: Microsoft and IBM, Multimedia Programming Interface and
 * Data Specifications 1.0 (1991), and WAVEFORMATEXTENSIBLE.
 *
 * @param name names the file in errors
 * @throws AttendError BAD_AUDIO if the fields contradict each other or the encoding is not known
 */
export function parseFormat(chunk: Uint8Array, name: string): WavFormat {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk.length < 16) throw badAudio(name, damaged(`its format takes ${chunk.length} bytes`));
  const [channels, sampleRate] = [view.getUint16(2, true), view.getUint32(4, true)];
  const [frameBytes, bits] = [view.getUint16(12, true), view.getUint16(14, true)];
  if (channels === 0) throw badAudio(name, damaged("it says it has 0 channels"));
  if (sampleRate < 1000 || sampleRate > 384_000) {
    throw badAudio(name, damaged(`it says it has ${sampleRate} samples a second`));
  }
  const sampleBytes = Math.ceil(bits / 8);
  if (frameBytes !== channels * sampleBytes) {
    const said = `${channels} channels of ${bits} bits in ${frameBytes} bytes`;
    throw badAudio(name, damaged(`it says it has ${said}`));
  }
  let tag = view.getUint16(0, true);
  // The GUID of the encoding starts with the tag that older files have.
  if (tag === tags.extensible && chunk.length >= 26) tag = view.getUint16(24, true);
  const read = sampleReader(tag, sampleBytes);
  if (read === undefined) {
    const encoding = otherTags.get(tag) ?? `format ${tag}`;
    const fault = `is a WAV file of ${encoding} with ${bits} bits, which cannot be read`;
    throw badAudio(name, `${fault}; convert it: ffmpeg -i ${name} -c:a pcm_s16le converted.wav`);
  }
  return {
    sampleRate,
    frameBytes,
    decode: (bytes) => mixDown(bytes, channels, sampleBytes, read),
  };
}

function damaged(what: string): string {
  return `is damaged: ${what}; record or convert it again`;
}

function mixDown(
  bytes: Uint8Array,
  channels: number,
  sampleBytes: number,
  read: ReadSample,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.length / (channels * sampleBytes));
  for (let frame = 0, offset = 0; frame < samples.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, offset += sampleBytes) {
      sum += read(view, offset);
    }
    samples[frame] = sum / channels;
  }
  return samples;
}

function sampleReader(tag: number, sampleBytes: number): ReadSample | undefined {
  switch (`${tag}/${sampleBytes}`) {
    case `${tags.pcm}/1`:
      return (view, at) => (view.getUint8(at) - 128) / 2 ** 7;
    case `${tags.pcm}/2`:
      return (view, at) => view.getInt16(at, true) / 2 ** 15;
    case `${tags.pcm}/3`:
      return (view, at) => (view.getInt8(at + 2) * 2 ** 16 + view.getUint16(at, true)) / 2 ** 23;
    case `${tags.pcm}/4`:
      return (view, at) => view.getInt32(at, true) / 2 ** 31;
    case `${tags.float}/4`:
      return (view, at) => toRange(view.getFloat32(at, true));
    case `${tags.float}/8`:
      return (view, at) => toRange(view.getFloat64(at, true));
    case `${tags.aLaw}/1`:
      return (view, at) => aLaw(view.getUint8(at));
    case `${tags.muLaw}/1`:
      return (view, at) => muLaw(view.getUint8(at));
    default:
      return undefined;
  }
}

/** ITU-T G.711 (1988), table 1, with 13 bits scaled to 16. */
function aLaw(code: number): number {
  const bits = code ^ 0x55;
  const [exponent, mantissa] = [(bits >> 4) & 7, bits & 15];
  const magnitude = exponent === 0 ? 2 * mantissa + 1 : (2 * mantissa + 33) << (exponent - 1);
  return ((bits & 0x80 ? magnitude : -magnitude) * 8) / 2 ** 15;
}

/** ITU-T G.711 (1988), table 2, with 14 bits scaled to 16. */
function muLaw(code: number): number {
  const bits = ~code;
  const magnitude = ((2 * (bits & 15) + 33) << ((bits >> 4) & 7)) - 33;
  return ((bits & 0x80 ? -magnitude : magnitude) * 4) / 2 ** 15;
}
