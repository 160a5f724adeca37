import { expect, test } from "vitest";
import { attentionOnPhoto } from "../src/attention-on-photo.ts";

const square = Float32Array.from([0.1, 0.1, 0, 0, 0, 0.4, 0.1, 0, 0, 0.1, 0.1, 0, 0, 0, 0.1, 0]);
const shapes = [
  { fit: "fill", width: 4, height: 2 },
  { fit: "contain", width: 4, height: 2 },
  { fit: "contain", width: 3, height: 4 },
  { fit: "cover", width: 4, height: 2 },
  { fit: "cover", width: 3, height: 7 },
] as const;

test.each(shapes)("sums to 1 with %j", (fitted) => {
  const weights = attentionOnPhoto(square, fitted);
  expect(weights).toHaveLength(square.length);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
});

test("is that of the square if the photo fills it", () => {
  expect(attentionOnPhoto(square, { fit: "fill", width: 4, height: 2 })).toBe(square);
  expect(attentionOnPhoto(square, { fit: "contain", width: 5, height: 5 })).toBe(square);
});

test("leaves out the bars", () => {
  // The middle rows, each stretched to two.
  const weights = attentionOnPhoto(square, { fit: "contain", width: 4, height: 2 });
  const [upper, lower] = [
    [0, 0.4, 0.1, 0],
    [0, 0.1, 0.1, 0],
  ].map((row) => row.map((weight) => weight / 0.7 / 2));
  [...(upper ?? []), ...(upper ?? []), ...(lower ?? []), ...(lower ?? [])].forEach((weight, i) => {
    expect(weights[i]).toBeCloseTo(weight, 5);
  });
});

test("has none where the photo was cropped", () => {
  // The photo's middle columns are the square's pairs of columns.
  const weights = attentionOnPhoto(square, { fit: "cover", width: 4, height: 2 });
  const expected = [0, 0.2, 0, 0, 0, 0.4, 0.1, 0, 0, 0.1, 0.1, 0, 0, 0, 0.1, 0];
  expected.forEach((weight, i) => {
    expect(weights[i]).toBeCloseTo(weight, 5);
  });
});

test("is nothing if it is all on bars", () => {
  const bars = Float32Array.from([1, 0, 0, 0]);
  expect(attentionOnPhoto(bars, { fit: "contain", width: 9, height: 1 })[0]).toBeCloseTo(1, 5);
  const corners = Float32Array.from({ length: 9 }, (_, i) => (i === 0 ? 1 : 0));
  expect([...attentionOnPhoto(corners, { fit: "contain", width: 3, height: 1 })]).toEqual(
    new Array(9).fill(0),
  );
});
