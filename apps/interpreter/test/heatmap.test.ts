import sharp from "sharp";
import { expect, test } from "vitest";
import { drawHeatmaps } from "../src/present/heatmap-picture.ts";

test("probable labels are dark, and each map has its place", async () => {
  const map = {
    ...{ kind: "posteriors" as const, rows: ["yes", "(blank)"], columns: 2 },
    ...{ startSeconds: 0, secondsPerColumn: 0.5, values: Float32Array.of(1, 0, 0, 1) },
  };
  const one = sharp(await drawHeatmaps([map]));
  const two = await sharp(await drawHeatmaps([map, map])).metadata();
  const { data, info } = await one.raw().toBuffer({ resolveWithObject: true });
  expect(two.height).toBeGreaterThan(info.height);
  const red = (x: number, y: number) => data[(y * info.width + x) * info.channels];
  const rows = [79, 101];
  const columns = [96 + 225, 96 + 675];
  expect(rows.map((y) => columns.map((x) => red(x, y)))).toEqual([
    [8, 255],
    [255, 8],
  ]);
});
