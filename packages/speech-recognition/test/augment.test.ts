import type { Features } from "@attend/audio";
import { createRandom } from "@attend/runtime";
import { expectClose } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { utteranceOf } from "../src/augment/augment.ts";
import { augmentationSchema } from "../src/augment/config.ts";
import { maskFeatures } from "../src/augment/mask.ts";
import { equalized, noisy } from "../src/augment/noise.ts";
import { soundWithoutSpeech } from "../src/augment/sounds.ts";
import { trimmed } from "../src/augment/trim.ts";
import { warped } from "../src/augment/warp.ts";
import { featureConfigSchema, featuresOf, joined, maximum, silence } from "../src/features.ts";

const config = featureConfigSchema.parse({ sampleRate: 8000 });
const range = { minFrequency: 60, maxFrequency: 3800 };

function tone(frequency: number, seconds = 0.5): Features {
  const samples = Float32Array.from({ length: 8000 * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * frequency * n) / 8000),
  );
  return featuresOf({ samples, sampleRate: 8000 }, config);
}

/** The loudest band of a frame in the middle. */
function bandOf({ frames, size, data }: Features): number {
  const middle = Math.floor(frames / 2) * size;
  const frame = data.subarray(middle, middle + size);
  return frame.indexOf(maximum(frame));
}

describe("warping", () => {
  test("by 1 changes nothing", () => {
    const features = tone(700);
    expectClose(warped(features, { tempo: 1, pitch: 1, ...range }).data, features.data, 1e-3);
  });

  test.each([0.85, 1.2])("in pitch by %f moves a tone to the band of the higher tone", (pitch) => {
    const moved = bandOf(warped(tone(1000), { tempo: 1, pitch, ...range }));
    expect(Math.abs(moved - bandOf(tone(1000 * pitch)))).toBeLessThanOrEqual(1);
    expect(moved).not.toBe(bandOf(tone(1000)));
  });

  test("in tempo by 2 halves the frames and keeps their order", () => {
    const features: Features = { frames: 4, size: 1, data: Float32Array.from([0, 2, 4, 6]) };
    const fast = warped(features, { tempo: 2, pitch: 1, ...range });
    expect([fast.frames, ...fast.data]).toEqual([2, 1, 5]);
    expect(warped(features, { tempo: 100, pitch: 1, ...range }).frames).toBe(1);
  });
});

test("noise is heard where it is louder than the speech, and adds energy where it is as loud", () => {
  const quiet = joined([], [50], 8);
  const random = createRandom(1);
  const hiss = noisy(quiet, { level: 0, slope: [-3, 8] }, random).data;
  expect(Math.abs(maximum(hiss))).toBeLessThan(3);
  const loud = { ...quiet, data: quiet.data.map(() => 30) };
  expectClose(noisy(loud, { level: 0, slope: [-3, 8] }, random).data, loud.data, 1e-6);
  const alike = noisy({ ...quiet, data: hiss }, { level: 0, slope: [-3, 8] }, createRandom(1)).data;
  expectClose(
    alike,
    hiss.map((value) => value + Math.LN2),
    1e-4,
  );
});

test("another microphone changes all frames alike", () => {
  const features = tone(300);
  const { data, size } = equalized(features, 1, createRandom(2));
  const change = (frame: number) =>
    data
      .slice(frame * size, (frame + 1) * size)
      .map((value, band) => value - (features.data[frame * size + band] ?? 0));
  expectClose(change(0), change(7), 1e-4);
  expect(maximum(change(0).map(Math.abs))).toBeGreaterThan(0.1);
});

test("masks cover at most the bands and frames that are allowed", () => {
  for (let seed = 0; seed < 20; seed++) {
    const features = { frames: 50, size: 20, data: new Float32Array(1000).fill(1) };
    maskFeatures(features, { bands: 3, frames: 5 }, createRandom(seed));
    const rows = Array.from({ length: 50 }, (_, t) => features.data.subarray(t * 20, (t + 1) * 20));
    expect(rows.filter((row) => row.every((value) => value === 0)).length).toBeLessThanOrEqual(5);
    const masked = Array.from({ length: 20 }, (_, b) => rows.every((row) => row[b] === 0));
    expect(masked.filter(Boolean).length).toBeLessThanOrEqual(6);
  }
  const tiny = { frames: 1, size: 1, data: Float32Array.from([1]) };
  maskFeatures(tiny, { bands: 8, frames: 8 }, createRandom(1));
  expect([...tiny.data]).toEqual([1]);
});

test("a recording loses at most so many frames at each end, and at most a quarter", () => {
  const features = { frames: 40, size: 1, data: Float32Array.from({ length: 40 }, (_, t) => t) };
  const lengths = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    const { frames, data } = trimmed(features, 5, createRandom(seed));
    expect(data).toHaveLength(frames);
    expect(data[0]).toBeLessThanOrEqual(5);
    expect(data.at(-1)).toBeGreaterThanOrEqual(34);
    lengths.add(frames);
  }
  expect(lengths).toContain(40);
  expect(lengths.size).toBeGreaterThan(5);
  const short = { frames: 3, size: 1, data: new Float32Array(3) };
  expect(trimmed(short, 5, createRandom(1)).frames).toBe(3);
});

test("sounds without speech are audible, differ, and depend on their random numbers alone", () => {
  const sounds = [1, 2, 3, 4, 5, 6].map((seed) => soundWithoutSpeech(8000, createRandom(seed)));
  for (const { samples } of sounds) {
    expect(samples.length / 8000).toBeGreaterThan(0.25);
    expect(maximum(samples)).toBeGreaterThan(0);
    expect(maximum(samples.map(Math.abs))).toBeLessThan(5);
  }
  expect(new Set(sounds.map(({ samples }) => samples[9])).size).toBe(6);
  expect(soundWithoutSpeech(8000, createRandom(1))).toEqual(sounds[0]);
});

test("an utterance depends on its random numbers alone, and is finite also without speech", () => {
  const options = {
    features: config,
    augmentation: augmentationSchema.parse({ trim: 4, recordingNoise: 0.5 }),
  };
  const recordings = [tone(500), tone(900, 0.03)];
  const [one, same, other] = [1, 1, 2].map((seed) =>
    utteranceOf(recordings, options, createRandom(seed)),
  );
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  for (let seed = 0; seed < 5; seed++) {
    const { data } = utteranceOf([], options, createRandom(seed)).input;
    expect(data.length).toBeGreaterThan(0);
    expect(data.every(Number.isFinite)).toBe(true);
  }
});

test("joined features keep their order, with silence between", () => {
  const part = (value: number): Features => ({
    frames: 1,
    size: 1,
    data: Float32Array.from([value]),
  });
  expectClose(
    joined([part(1), part(2)], [1, 0, 2], 1).data,
    [silence, 1, 2, silence, silence],
    1e-5,
  );
});
