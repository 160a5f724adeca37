import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  addDeltas,
  cepstra,
  type Features,
  featureStatistics,
  type LogMelOptions,
  LogMelStream,
  logMel,
  mfcc,
  normalize,
} from "../src/index.ts";
import { distance, inPieces, noise, sine } from "./signals.ts";

const golden: Readonly<
  Record<"kaldiFbank" | "kaldiMfcc" | "librosaLogMel" | "librosaMfccDeltas", number[][]>
> = JSON.parse(readFileSync(new URL("./golden/features.golden.json", import.meta.url), "utf8"));

const tone = sine(440, 16_000, 3000);
const samples = noise(3000).map((x, n) => 0.4 * x + 0.3 * (tone[n] ?? 0));

/** 2^-23, Kaldi's */
const floor = 1.1920929e-7;
const likeLibrosa: LogMelOptions = {
  window: "hann",
  melScale: "slaney",
  minFrequency: 0,
  centered: true,
  preEmphasis: 0,
  removeMean: false,
};

function expectClose({ frames, size, data }: Features, rows: readonly number[][]): void {
  expect([frames, size]).toEqual([rows.length, rows[0]?.length]);
  expect(distance(data, rows.flat())).toBeLessThan(1e-4);
}

test("the bands are Kaldi's", () => expectClose(logMel(samples, { floor }), golden.kaldiFbank));

test("the bands are librosa's", () =>
  expectClose(logMel(samples, likeLibrosa), golden.librosaLogMel));

test("the cepstrum is Kaldi's", () => expectClose(mfcc(samples, { floor }), golden.kaldiMfcc));

test("cepstrum and deltas are librosa's", () => {
  const cepstrum = mfcc(samples, { ...likeLibrosa, lifter: 0 });
  expectClose(addDeltas(cepstrum), golden.librosaMfccDeltas);
});

test.each([
  ["aligned with the start", {}],
  ["centered", likeLibrosa],
] as const)("a stream gives the features of the whole, %s", (_, options) => {
  const stream = new LogMelStream(options);
  const parts = [...inPieces(samples).map((piece) => stream.push(piece)), stream.end()];
  const data = parts.flatMap((part) => [...part.data]);
  expect(data).toEqual([...logMel(samples, options).data]);
});

test("less than a window has no frame, and silence has the floor", () => {
  expect(logMel(new Float32Array(399)).frames).toBe(0);
  const silence = logMel(new Float32Array(400), { floor: 1e-6 });
  expect(silence.frames).toBe(1);
  expect(distance(silence.data, new Array(40).fill(Math.log(1e-6)))).toBeLessThan(1e-6);
});

test("a tone is loudest in the band around it", () => {
  const { data } = logMel(sine(1000, 16_000, 400), { mels: 20 });
  // mel(1000 Hz) = 1000, of 32 to 2840 in 21 steps: next to the corner of band 6.
  expect(data.indexOf(Math.max(...data))).toBe(6);
});

test("deltas of a line are its slope, and those of the deltas are zero", () => {
  const line: Features = {
    frames: 9,
    size: 1,
    data: Float32Array.from({ length: 9 }, (_, t) => 3 * t),
  };
  const { data, size } = addDeltas(line);
  expect([...data.subarray(4 * size, 5 * size)]).toEqual([12, 3, 0]);
});

test("normalized features have mean 0 and deviation 1, also over several recordings", () => {
  const [a, b] = [logMel(samples), logMel(samples.map((x) => x / 4))];
  const { mean, deviation } = featureStatistics([normalize(a)]);
  expect(Math.max(...mean.map(Math.abs))).toBeLessThan(1e-5);
  expect(Math.max(...deviation.map((x) => Math.abs(x - 1)))).toBeLessThan(1e-5);
  const statistics = featureStatistics([a, b]);
  const both = featureStatistics([normalize(a, statistics), normalize(b, statistics)]);
  expect(Math.max(...both.mean.map(Math.abs))).toBeLessThan(1e-5);
  expect(Math.max(...both.deviation.map((x) => Math.abs(x - 1)))).toBeLessThan(1e-5);
});

test("a feature that never changes becomes 0", () => {
  const constant: Features = { frames: 3, size: 1, data: Float32Array.of(7, 7, 7) };
  expect([...normalize(constant).data]).toEqual([0, 0, 0]);
});

test.each<readonly [() => unknown, string]>([
  [
    () => logMel(samples, { mels: 200 }),
    "200 mel bands are too narrow for a spectrum of 512 samples; use fewer, or a longer window",
  ],
  [
    () => logMel(samples, { sampleRate: 8000, maxFrequency: 5000 }),
    "mel bands from 20 to 5000 Hz do not fit into 0 to 4000 Hz; choose others",
  ],
  ...[0, 0.1].map(
    (hopSeconds) =>
      [
        () => logMel(samples, { hopSeconds }),
        `a window of 0.025 s with a hop of ${hopSeconds} s at 16000 Hz cannot be used; use a hop of at least a sample and at most the window`,
      ] as const,
  ),
  [
    () => cepstra(logMel(samples, { mels: 12 })),
    "13 coefficients cannot be made from 12 bands; use more bands or fewer coefficients",
  ],
  [() => featureStatistics([]), "there are no frames to take the mean of; give a longer recording"],
  [
    () => normalize(logMel(samples), { mean: [0], deviation: [1] }),
    "the statistics are of 1 features, not of 40; use those of the same kind of features",
  ],
])("options that do not fit are one clear error: %#", (make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT", message }));
});
