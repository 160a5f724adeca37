import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test, vi } from "vitest";
import { readAudio } from "../src/index.ts";
import { type Chunk, dataChunk, formatChunk, uint32, wavOf } from "./wav-bytes.ts";

const g711: { aLaw: number[]; muLaw: number[] } = JSON.parse(
  readFileSync(new URL("./golden/g711.golden.json", import.meta.url), "utf8"),
);

async function read(bytes: Uint8Array, warn: (message: string) => void = failOn) {
  const file = join(temporaryDirectory(), "talk.wav");
  writeFileSync(file, bytes);
  return [...(await readAudio(file, { warn })).samples];
}

function failOn(message: string): void {
  throw new Error(`unexpected warning: ${message}`);
}

const data = (bytes: Uint8Array): Chunk => ({ id: "data", data: bytes });
const bytesOf = (view: ArrayBufferView) =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const four = dataChunk([0, 16_384, -16_384, -32_768]);
const samplesOfFour = [0, 0.5, -0.5, -1];

describe("every encoding", () => {
  test.each([
    ["8 bits", { bits: 8 }, Uint8Array.of(128, 192, 64, 0)],
    ["16 bits", { bits: 16 }, four.data],
    ["24 bits", { bits: 24 }, Uint8Array.of(0, 0, 0, 0, 0, 0x40, 0, 0, 0xc0, 0, 0, 0x80)],
    ["32 bits", { bits: 32 }, bytesOf(Int32Array.of(0, 2 ** 30, -(2 ** 30), -(2 ** 31)))],
    ["floats", { tag: 3, bits: 32 }, bytesOf(Float32Array.from(samplesOfFour))],
    ["doubles", { tag: 3, bits: 64 }, bytesOf(Float64Array.from(samplesOfFour))],
    ["12 bits, which take 16", { bits: 12, frameBytes: 2 }, four.data],
    [
      "an extensible format",
      {
        tag: 0xfffe,
        more: Uint8Array.of(22, 0, 16, 0, 4, 0, 0, 0, 1, 0, ...new Array(14).fill(0)),
      },
      four.data,
    ],
  ])("%s", async (_, format, bytes) => {
    expect(await read(wavOf([formatChunk(format), data(bytes)]))).toEqual(samplesOfFour);
  });

  test.each([
    ["A-law", 6, g711.aLaw],
    ["mu-law", 7, g711.muLaw],
  ])("all codes of %s", async (_, tag, samples) => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    const result = await read(wavOf([formatChunk({ tag, bits: 8 }), data(codes)]));
    expect(result.map((sample) => sample * 2 ** 15)).toEqual(samples);
  });

  test("floats that are none, or beyond the range, become samples", async () => {
    const floats = Float32Array.of(NaN, 2, -Infinity, 0.25);
    const wav = wavOf([formatChunk({ tag: 3, bits: 32 }), data(bytesOf(floats))]);
    expect(await read(wav)).toEqual([0, 1, -1, 0.25]);
  });

  test("channels are mixed to their mean", async () => {
    const stereo = dataChunk([16_384, 0, -16_384, -16_384]);
    expect(await read(wavOf([formatChunk({ channels: 2 }), stereo]))).toEqual([0.25, -0.5]);
    const three = dataChunk([16_384, 8192, 0]);
    expect(await read(wavOf([formatChunk({ channels: 3 }), three]))).toEqual([0.25]);
  });
});

describe("headers", () => {
  const notes: Chunk = { id: "LIST", data: new Uint8Array(7) };

  test("other chunks are skipped, also of an odd size, before and after the samples", async () => {
    expect(await read(wavOf([notes, formatChunk(), notes, four, notes]))).toEqual(samplesOfFour);
  });

  test.each([
    ["0", 0, 0],
    ["0xFFFFFFFF", 0xffff_ffff, 0xffff_ffff],
    ["those of an empty file", 36, 0],
    ["SoX's", 0x7fff_f024, 0x7fff_f000],
  ])("a stream's writer left sizes of %s: all is read", async (_, size, dataSize) => {
    const streamed = dataChunk([0, 16_384, -16_384, -32_768], dataSize);
    expect(await read(wavOf([formatChunk(), streamed], { size }))).toEqual(samplesOfFour);
  });

  test("RF64 says the size elsewhere", async () => {
    const sizes: Chunk = {
      id: "ds64",
      data: Buffer.concat([uint32(0), uint32(0), uint32(8), new Uint8Array(16)]),
    };
    const long = dataChunk([0, 16_384, -16_384, -32_768], 0xffff_ffff);
    const wav = wavOf([sizes, formatChunk(), long, notes], { id: "RF64", size: 0xffff_ffff });
    expect(await read(wav)).toEqual(samplesOfFour);
  });

  test("a truncated file gives what is there, with a warning", async () => {
    const warn = vi.fn();
    const whole = wavOf([formatChunk(), dataChunk(new Array(16_000).fill(8192))]);
    expect(await read(whole.subarray(0, 44 + 16_001), warn)).toEqual(new Array(8000).fill(0.25));
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(
        /talk\.wav is truncated: it should have 1\.0 s and has 0\.5 s, which are used$/,
      ),
    );
  });
});

const noSamples = "has no samples; record it again";
const noRecording = "is not a recording; give a WAV, FLAC, MP3, Ogg, WebM or M4A file";

test.each([
  ["an empty file", Buffer.alloc(0), "is empty; give a recording"],
  ["a text", Buffer.from("Some notes.\n"), noRecording],
  ["a picture", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), noRecording],
  ["a video in RIFF", Buffer.from("RIFF\x04\0\0\0AVI LIST", "latin1"), noRecording],
  ["a header alone", wavOf([]), noSamples],
  ["a format alone", wavOf([formatChunk()]), noSamples],
  ["zero samples", wavOf([formatChunk(), dataChunk([])]), noSamples],
  ["half a sample", wavOf([formatChunk(), data(Uint8Array.of(1))]), noSamples],
  [
    "samples without a format",
    wavOf([four]),
    "is damaged: its samples have no format; record it again",
  ],
  [
    "a format that is too short",
    wavOf([{ id: "fmt ", data: new Uint8Array(4) }, four]),
    "is damaged: its format takes 4 bytes; record or convert it again",
  ],
  [
    "a format of 4 GB",
    wavOf([{ ...formatChunk(), size: 0xffff_ff00 }, four]),
    "is damaged: its fmt takes 4294967040 bytes; record it again",
  ],
  [
    "no channel",
    wavOf([formatChunk({ channels: 0 }), four]),
    "is damaged: it says it has 0 channels; record or convert it again",
  ],
  [
    "a rate of 0",
    wavOf([formatChunk({ sampleRate: 0 }), four]),
    "is damaged: it says it has 0 samples a second; record or convert it again",
  ],
  [
    "frames that do not fit",
    wavOf([formatChunk({ channels: 2, frameBytes: 2 }), four]),
    "is damaged: it says it has 2 channels of 16 bits in 2 bytes; record or convert it again",
  ],
])("%s is one clear error", async (_, bytes, fault) => {
  await expect(read(bytes)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: expect.stringMatching(new RegExp(`/talk\\.wav ${fault}$`)),
  });
});

test("an encoding that is not known is named, with the command that converts it", async () => {
  const file = join(temporaryDirectory(), "old.wav");
  writeFileSync(file, wavOf([formatChunk({ tag: 2, bits: 4, frameBytes: 1 }), four]));
  const fault = "is a WAV file of Microsoft ADPCM with 4 bits, which cannot be read";
  await expect(readAudio(file)).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} ${fault}; convert it: ffmpeg -i ${file} -c:a pcm_s16le converted.wav`,
  });
});

test("a file that does not exist, and a folder", async () => {
  const folder = temporaryDirectory();
  await expect(readAudio(join(folder, "none.wav"))).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
  });
  mkdirSync(join(folder, "talks"));
  await expect(readAudio(join(folder, "talks"))).rejects.toMatchObject({
    code: "READ_FAILED",
    message: `${join(folder, "talks")} is a folder; give a file`,
  });
});

test("a recording that is too long, and one that is stopped", async () => {
  const file = join(temporaryDirectory(), "talk.wav");
  writeFileSync(file, wavOf([formatChunk(), dataChunk(new Array(16_000).fill(0))]));
  await expect(readAudio(file, { maxSeconds: 0.5 })).rejects.toMatchObject({
    code: "BAD_AUDIO",
    message: `${file} is longer than 0.5 s; give a shorter recording, or raise \`maxSeconds\``,
  });
  await expect(readAudio(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "INTERRUPTED",
    message: `${file} was not read to its end`,
  });
});
