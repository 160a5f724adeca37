import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Resampler, resample } from "../src/index.ts";
import { distance, inPieces, noise, sine } from "./signals.ts";

const golden: { from: number; to: number; samples: number[] }[] = JSON.parse(
  readFileSync(new URL("./golden/resampled.golden.json", import.meta.url), "utf8"),
);

test.each(golden)("$from to $to Hz is SciPy's resample_poly", ({ from, to, samples }) => {
  expect(distance(resample(noise(600), from, to), samples)).toBeLessThan(1e-6);
});

test.each([
  [44_100, 16_000],
  [8000, 16_000],
  [16_000, 16_000],
  [11_025, 48_000],
])("a stream gives the samples of the whole, %d to %d Hz", (from, to) => {
  const samples = noise(20_000);
  const resampler = new Resampler(from, to);
  const pieces = [...inPieces(samples).map((piece) => resampler.push(piece)), resampler.end()];
  const whole = resample(samples, from, to);
  expect(whole.length).toBe(Math.ceil((samples.length * to) / from));
  expect(pieces.flatMap((piece) => [...piece])).toEqual([...whole]);
});

/** Away from the ends, where the tone starts and stops. */
const middle = (samples: Float32Array) => samples.subarray(500, -500);

test.each([
  [44_100, 16_000, 7000],
  [48_000, 16_000, 1000],
  [8000, 16_000, 3500],
  [16_000, 22_050, 300],
])("from %d to %d Hz, a sine of %d Hz stays itself", (from, to, frequency) => {
  const result = middle(resample(sine(frequency, from, from / 5), from, to));
  const expected = middle(sine(frequency, to, Math.ceil(to / 5)));
  expect(distance(result, expected)).toBeLessThan(2e-3);
});

test.each([8100, 9000, 12_000, 20_000])(
  "%d Hz is not heard at 16000 samples a second",
  (frequency) => {
    const result = middle(resample(sine(frequency, 44_100, 8820), 44_100, 16_000));
    // -60 dB
    expect(Math.max(...result.map(Math.abs))).toBeLessThan(1e-3);
  },
);

test("nothing becomes nothing", () => {
  expect(resample(new Float32Array(0), 44_100, 16_000)).toEqual(new Float32Array(0));
});

test.each([0, -8000, 44_100.5, NaN, 1e6])("a rate of %d is one clear error", (rate) => {
  expect(() => resample(noise(10), rate, 16_000)).toThrow(
    expect.objectContaining({
      code: "BAD_ARGUMENT",
      message: `the sample rate must be a whole number of samples per second, up to 384000, not ${rate}`,
    }),
  );
});
