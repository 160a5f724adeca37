import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { augment, augmentationSchema } from "../src/images/augment.ts";

const unchanged = augmentationSchema.parse({
  ...{ flip: 0, minArea: 1, aspect: 1 },
  ...{ brightness: 0, contrast: 0, saturation: 0 },
});

const noise = (size: number, seed = 1): Uint8Array => {
  const random = createRandom(seed);
  return Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
};

/** Red increases from left to right, green from top to bottom. */
const ramps = (size: number): Uint8Array =>
  Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [(pixel % size) * 4, Math.floor(pixel / size) * 4, 60][i % 3] as number;
  });

test("zero amounts change nothing", () => {
  const pixels = noise(16);
  expect(augment(pixels, 16, createRandom(1), unchanged)).toEqual(pixels);
});

test("flip mirrors each row", () => {
  const pixels = noise(8);
  const mirrored = augment(pixels, 8, createRandom(1), { ...unchanged, flip: 1 });
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const from = (y * 8 + x) * 3;
      const to = (y * 8 + 7 - x) * 3;
      expect(mirrored.slice(to, to + 3)).toEqual(pixels.slice(from, from + 3));
    }
  }
});

test("a flip of 0.5 mirrors half of the pictures", () => {
  const random = createRandom(3);
  const pixels = ramps(8);
  const options = { ...unchanged, flip: 0.5 };
  let flips = 0;
  for (let i = 0; i < 400; i++) if (augment(pixels, 8, random, options)[0] === 28) flips++;
  expect(flips).toBeGreaterThan(160);
  expect(flips).toBeLessThan(240);
});

test("a crop is a window of the picture with at least the minimum area", () => {
  const size = 60;
  const random = createRandom(5);
  const pixels = ramps(size);
  const areas: number[] = [];
  for (let i = 0; i < 200; i++) {
    const crop = augment(pixels, size, random, { ...unchanged, minArea: 0.5, aspect: 4 / 3 });
    const last = crop.length - 3;
    // The ramps show the positions of the window's corners.
    const [left, right] = [(crop[0] as number) / 4, (crop[last] as number) / 4];
    const [top, bottom] = [(crop[1] as number) / 4, (crop[last + 1] as number) / 4];
    expect(right).toBeGreaterThan(left);
    expect(bottom).toBeGreaterThan(top);
    areas.push(((right - left + 1) * (bottom - top + 1)) / size ** 2);
  }
  expect(Math.min(...areas)).toBeGreaterThan(0.42); // the aspect ratio may clip a window at the border
  expect(Math.min(...areas)).toBeLessThan(0.65);
  expect(Math.max(...areas)).toBeGreaterThan(0.9);
});

describe("color", () => {
  const plain = (color: readonly number[]) =>
    Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => color[i % 3] as number);

  test("saturation and contrast do not change a plain gray", () => {
    const options = { ...unchanged, saturation: 0.9, contrast: 0.9 };
    const pixels = plain([80, 80, 80]);
    const random = createRandom(2);
    for (let i = 0; i < 20; i++) expect(augment(pixels, 4, random, options)).toEqual(pixels);
  });

  test("saturation preserves the luma, brightness the hue", () => {
    const random = createRandom(4);
    const luma = (p: Uint8Array) => 0.299 * p[0]! + 0.587 * p[1]! + 0.114 * p[2]!;
    const pixels = plain([120, 80, 40]);
    const faded = augment(pixels, 4, random, { ...unchanged, saturation: 0.5 });
    expect(faded).not.toEqual(pixels);
    expect(Math.abs(luma(faded) - luma(pixels))).toBeLessThan(1);
    const [r = 0, g = 0, b = 0] = augment(pixels, 4, random, { ...unchanged, brightness: 0.5 });
    expect(r).not.toBe(120);
    expect(Math.abs(r / 3 - b)).toBeLessThan(1);
    expect(Math.abs((r * 2) / 3 - g)).toBeLessThan(1);
  });

  test("contrast spreads around the mean and clips instead of wrapping around", () => {
    const pixels = Uint8Array.from({ length: 14 * 14 * 3 }, (_, i) =>
      Math.floor(i / 3) % 2 === 0 ? 4 : 250,
    );
    const random = createRandom(1);
    for (let i = 0; i < 20; i++) {
      const changed = augment(pixels, 14, random, { ...unchanged, contrast: 0.9 });
      expect(changed[0]).toBeLessThan(127);
      expect(changed[3]).toBeGreaterThan(127);
    }
  });
});

test("is seeded, does not modify its input, and gives any size", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer(),
      (source, size, seed) => {
        const pixels = noise(source, seed);
        const copy = pixels.slice();
        const first = augment(pixels, size, createRandom(seed));
        expect(first).toHaveLength(size * size * 3);
        expect(augment(pixels, size, createRandom(seed))).toEqual(first);
        expect(pixels).toEqual(copy);
      },
    ),
    { numRuns: 50 },
  );
});

test("rejects anything but a square RGB picture, and invalid options", () => {
  for (const length of [0, 3 * 2, 100]) {
    expect(() => augment(new Uint8Array(length), 8, createRandom(1))).toThrow(/not a square RGB/);
  }
  expect(augmentationSchema.safeParse({ flip: 2 }).success).toBe(false);
  expect(augmentationSchema.safeParse({ zoom: 1 }).success).toBe(false);
});
