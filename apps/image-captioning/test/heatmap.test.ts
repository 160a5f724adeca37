import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { nodeArguments } from "@attend/runtime/program";
import { createRandom } from "@attend/runtime/random";
import { expectClose, temporaryDirectory } from "@attend/test-kit";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type Box, labelHeight, largestSide, layOut, margin } from "../src/present/layout.ts";
import { renderHeatmap } from "../src/present/render-heatmap.ts";
import { upsample } from "../src/present/upsample.ts";
import { writePhoto } from "./fixture.ts";

const spot = (cell: number) => new Float32Array(49).fill(1, cell, cell + 1);
const even = new Float32Array(49).fill(1 / 49);
const captioned = {
  caption: "A dog runs.",
  attention: { words: ["a", "dog", "runs"], grid: [7, 7], weights: [spot(0), spot(48), even] },
  width: 320,
  height: 240,
} as const;

describe("a heat map", () => {
  test("highlights where the model looked for each word", async () => {
    const gray = { width: 320, height: 240, channels: 3, background: "#808080" } as const;
    const photo = await sharp({ create: gray }).png().toBuffer();
    const png = await renderHeatmap(photo, captioned);
    const { format, width, height } = await sharp(png).metadata();
    const layout = layOut(320 / 240, 3, () => 60);
    expect([format, width, height]).toEqual(["png", layout.width, layout.height]);
    const [first, second, third] = layout.tiles as [Box, Box, Box];
    const contrast = async (tile: Box) =>
      (await warmth(png, tile, "top left")) - (await warmth(png, tile, "bottom right"));
    expect(await contrast(first)).toBeGreaterThan(20);
    expect(await contrast(second)).toBeLessThan(-20);
    // Uniform attention highlights nothing.
    expect(Math.abs(await contrast(third))).toBeLessThan(1);
  });

  test("is the same on a machine without fonts", async () => {
    const folder = temporaryDirectory();
    const photo = await writePhoto(folder, "photo.png");
    const weights = captioned.attention.weights.map((each) => [...each]);
    const result = { ...captioned, attention: { ...captioned.attention, weights } };
    const program = nodeArguments(join(import.meta.dirname, "program", "render.ts"));
    const out = join(folder, "out.png");
    const nowhere = join(folder, "nowhere");
    await promisify(execFile)(process.execPath, [...program, photo, JSON.stringify(result), out], {
      env: { ...process.env, FONTCONFIG_FILE: nowhere, FONTCONFIG_PATH: nowhere },
    });
    expect((await readFile(out)).equals(await renderHeatmap(photo, captioned))).toBe(true);
  }, 600_000);

  test("shows a photo upright", async () => {
    const upright = await writePhoto(temporaryDirectory(), "photo.png", {
      width: 200,
      height: 300,
    });
    const turned = await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).toBuffer();
    const result = { ...captioned, width: 200, height: 300 };
    const expected = await sharp(await renderHeatmap(upright, result))
      .raw()
      .toBuffer();
    const actual = await sharp(await renderHeatmap(turned, result))
      .raw()
      .toBuffer();
    expect(actual).toHaveLength(expected.length);
    let difference = 0;
    for (const [i, value] of actual.entries()) difference += Math.abs(value - (expected[i] ?? 0));
    expect(difference / actual.length).toBeLessThan(0.1);
  });

  test.each([
    ["no words", "", []],
    [
      "a caption with two lines and a word too long for its tile",
      "many words ".repeat(9),
      ["incomprehensibilities".repeat(3)],
    ],
  ])("is drawn for %s", async (_, caption, words) => {
    const photo = await writePhoto(temporaryDirectory(), "photo.png");
    const attention = { words, grid: [7, 7], weights: words.map(() => even) } as const;
    const png = await renderHeatmap(photo, { ...captioned, caption, attention });
    expect((await sharp(png).metadata()).format).toBe("png");
  });

  test("needs attention and a photo", async () => {
    const { attention: _, ...result } = captioned;
    await expect(renderHeatmap("photo.png", result)).rejects.toThrow("{ attention: true }");
    await expect(renderHeatmap(undefined, captioned)).rejects.toThrow("{ picture: true }");
  });
});

/** How much redder than blue a corner of a tile is. */
async function warmth(png: Buffer, tile: Box, corner: "top left" | "bottom right") {
  const [width, height] = [tile.width >> 2, tile.height >> 2];
  const box =
    corner === "top left"
      ? { left: tile.left, top: tile.top, width, height }
      : {
          left: tile.left + tile.width - width,
          top: tile.top + tile.height - height,
          width,
          height,
        };
  // In two steps, since statistics are computed from the input.
  const { channels } = await sharp(await sharp(png).extract(box).png().toBuffer()).stats();
  return (channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 0);
}

describe("upsample", () => {
  const side = fc.integer({ min: 1, max: 9 });
  const length = fc.integer({ min: 1, max: 40 });

  test("stays within the range of its cells, and keeps uniform values", () => {
    fc.assert(
      fc.property(
        side,
        side,
        length,
        length,
        fc.integer(),
        (rows, columns, width, height, seed) => {
          const random = createRandom(seed);
          const grid = Float32Array.from({ length: rows * columns }, () => random.uniform());
          const large = upsample(grid, [rows, columns], width, height);
          expect(large).toHaveLength(width * height);
          expect(Math.min(...large)).toBeGreaterThanOrEqual(Math.min(...grid) - 1e-6);
          expect(Math.max(...large)).toBeLessThanOrEqual(Math.max(...grid) + 1e-6);
          const flat = upsample(grid.fill(0.25), [rows, columns], width, height);
          expectClose(flat, new Float32Array(width * height).fill(0.25), 1e-6);
        },
      ),
    );
  });

  test("centers the peak of a cell", () => {
    const large = upsample(spot(1 * 7 + 5), [7, 7], 210, 140);
    const peak = large.indexOf(Math.max(...large));
    expect([Math.floor(peak / 210), peak % 210]).toEqual([29, 164]);
    // A cubic B-spline reduces a peak to 2/3 in each direction.
    expectClose(large[peak] ?? 0, 4 / 9, 1e-3);
  });
});

test("nothing overlaps or leaves the picture, for any photo and caption", () => {
  const aspect = fc.double({ min: 0.05, max: 20, noNaN: true });
  fc.assert(
    fc.property(aspect, fc.integer({ min: 0, max: 30 }), (aspect, words) => {
      const { width, height, heading, photo, legend, tiles } = layOut(aspect, words, () => 104);
      expect(Math.max(photo.width, photo.height)).toBeLessThanOrEqual(largestSide);
      expect(tiles).toHaveLength(words);
      // Each tile has its word below it.
      const labeled = tiles.map((tile) => ({ ...tile, height: tile.height + labelHeight }));
      const boxes = [heading, photo, legend, ...labeled];
      for (const [i, a] of boxes.entries()) {
        expect(Math.min(a.left, a.top)).toBeGreaterThanOrEqual(margin);
        expect(a.left + a.width).toBeLessThanOrEqual(width - margin);
        expect(a.top + a.height).toBeLessThanOrEqual(height - margin / 2);
        expect(boxes.slice(i + 1).filter((b) => overlap(a, b))).toEqual([]);
      }
      for (const { width, height } of [photo, ...tiles]) {
        expect(Math.abs(Math.log(width / height / aspect))).toBeLessThan(0.15);
      }
    }),
  );
});

function overlap(a: Box, b: Box): boolean {
  const across = a.left < b.left + b.width && b.left < a.left + a.width;
  return across && a.top < b.top + b.height && b.top < a.top + a.height;
}
