import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { AnswerResult } from "../src/answerer.ts";
import { openRegionFolder } from "../src/commands/region-folder.ts";
import { renderPage } from "../src/present/render-page.ts";
import { renderRegions } from "../src/present/render-regions.ts";

const answer: AnswerResult = {
  ...{ question: "is it gray?", answer: "yes", probability: 0.9, confident: true },
  alternatives: [],
};
const picture = { pixels: new Uint8Array(60 * 40 * 3).fill(200), width: 60, height: 40 };
/** Two hops on a photo of one gray: the first looks left, the second right. */
const result: AnswerResult = {
  ...answer,
  picture,
  attention: { grid: [1, 2], hops: [new Float32Array([1, 0]), new Float32Array([0, 1])] },
};
test("each hop's tile is bright where it looked, and dark elsewhere", async () => {
  const { data, info } = await sharp(await renderRegions(result))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  // 320 pixels high, so 480 wide, with margins of 32.
  expect(info.width).toBe(2 * 480 + 3 * 32);
  // In the middle of the tiles, above a margin and their labels.
  const row = info.height - 32 - 30 - 160;
  const lightAt = (column: number) => data[(row * info.width + column) * 3] ?? 0;
  const [first, second] = [32, 32 + 480 + 32];
  expect(lightAt(first + 20)).toBeGreaterThan(190);
  expect(lightAt(first + 460)).toBeLessThan(60);
  expect(lightAt(second + 20)).toBeLessThan(60);
  expect(lightAt(second + 460)).toBeGreaterThan(190);
});

test("a page shows photo and hops, and the answer in green if it is right, else in red", async () => {
  const examples = [
    { result, expected: "yes" },
    { result, expected: "no" },
  ];
  const { data, info } = await sharp(await renderPage(examples, "png"))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixelAt = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3).subarray(0, 3),
  ];
  // Two columns of 640 with margins of 24; three tiles of 207 x 138 with gaps of 8, below two lines.
  expect(info.width).toBe(2 * 640 + 3 * 24);
  const middle = 24 + 2 * 26 + 69;
  const lightAt = (x: number) => pixelAt(24 + x, middle)[0] ?? 0;
  for (const x of [10, 197, 216 + 10, 2 * 216 + 197]) expect(lightAt(x)).toBeGreaterThan(190);
  for (const x of [216 + 197, 2 * 216 + 10]) expect(lightAt(x)).toBeLessThan(60);
  const colorsOf = (left: number) =>
    Array.from({ length: 640 * 26 }, (_, i) =>
      pixelAt(left + (i % 640), 24 + 26 + Math.floor(i / 640)),
    );
  const hasRed = (left: number) => colorsOf(left).some(([r = 0, g = 0]) => r > 2 * g);
  expect([hasRed(24), hasRed(24 + 640 + 24)]).toEqual([false, true]);
});

test("a result without attention or picture cannot be drawn", async () => {
  await expect(renderRegions(answer)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(renderRegions({ ...answer, picture })).rejects.toMatchObject({
    message:
      "there is no attention to draw; ask a model that has it, with { attention: true, picture: true }",
  });
});

test("several questions on a photo, or photos with the same name, get numbers", async () => {
  const folder = join(temporaryDirectory(), "regions");
  const regions = await openRegionFolder(folder);
  for (const photo of ["a/beach.jpg", "b/Beach.png", "https://example.org/beach.jpg?large", "-"]) {
    await regions.write(photo, result);
  }
  expect((await readdir(folder)).sort()).toEqual(
    ["Beach-2", "beach-3", "beach", "stdin"].map((name) => `${name}.regions.png`),
  );
});
