import { readFileSync } from "node:fs";
import { describeWithData } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, groundingAccuracy, type PointingExample } from "../src/index.ts";

const example: PointingExample = {
  attention: [0.1, 0.2, 0.05, 0.05, 0.5, 0.1], // The peak's middle is at x = 0.5, y = 0.75.
  grid: [2, 3],
  boxes: [{ x1: 0.4, y1: 0.6, x2: 0.6, y2: 0.9 }],
};
const elsewhere: Box = { x1: 0, y1: 0, x2: 0.3, y2: 1 };

describe("groundingAccuracy", () => {
  it("counts peaks whose middle is in any box, and the middle of the picture beside it", () => {
    const middle = { ...example, boxes: [{ x1: 0.4, y1: 0.4, x2: 0.6, y2: 0.6 }] };
    const other = { ...example, boxes: [elsewhere] };
    const second = { ...example, boxes: [elsewhere, ...example.boxes] };
    expect(groundingAccuracy([example, middle, other, second])).toEqual({
      score: 0.5,
      center: 0.25,
      perExample: [true, false, false, true],
    });
  });

  it("takes the first of equal weights", () => {
    const uniform = { ...example, attention: new Float32Array(6).fill(1 / 6) };
    const atFirst = [{ x1: 0.1, y1: 0.2, x2: 0.2, y2: 0.3 }];
    expect(groundingAccuracy([{ ...uniform, boxes: atFirst }]).score).toBe(1);
  });

  it("finds the peak of any grid in its cell, and nowhere else", () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(side, side, fc.nat(), (rows, columns, position) => {
        const attention = new Float32Array(rows * columns);
        const peak = position % attention.length;
        attention[peak] = 0.7;
        const examples = Array.from(attention, (_, cell): PointingExample => {
          const row = Math.floor(cell / columns);
          const column = cell % columns;
          const box = {
            x1: column / columns,
            y1: row / rows,
            x2: (column + 1) / columns,
            y2: (row + 1) / rows,
          };
          return { attention, grid: [rows, columns], boxes: [box] };
        });
        const { perExample, score } = groundingAccuracy(examples);
        expect(perExample.indexOf(true)).toBe(peak);
        expect(score).toBeCloseTo(1 / examples.length, 12);
      }),
    );
  });

  it.each([
    ["no examples", [], /no attention maps/],
    [
      "too few weights",
      [example, { ...example, attention: [1] }],
      /example 1 .* 1 weights .* 2 x 3/,
    ],
    ["half a row", [{ ...example, grid: [1.5, 4] }], /1\.5 x 4/],
    ["no positions", [{ ...example, attention: [], grid: [0, 3] }], /0 x 3/],
    ["NaN", [{ ...example, attention: [1, 2, 3, 4, Number.NaN, 6] }], /not finite/],
    ["no boxes", [{ ...example, boxes: [] }], /no boxes/],
    ["pixels", [{ ...example, boxes: [{ x1: 10, y1: 20, x2: 30, y2: 40 }] }], /give fractions/],
    ["a reversed box", [{ ...example, boxes: [{ x1: 0.5, y1: 0, x2: 0.4, y2: 1 }] }], /0\.5, 0 to/],
  ] as const)("rejects %s", (_, examples, message) => {
    expect(() => groundingAccuracy(examples)).toThrow(message);
  });
});

describeWithData("COCO's boxes", ["coco8k", "boxes.tsv"], (path) => {
  it("are accepted, and the middle of a photo is in 0.292 of its objects", () => {
    const objects = new Map<string, Box[]>();
    for (const line of readFileSync(path, "utf8").trim().split("\n").slice(1)) {
      const [image, name, ...sides] = line.split("\t");
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = sides.map(Number);
      const boxes = objects.get(`${image} ${name}`) ?? [];
      objects.set(`${image} ${name}`, [...boxes, { x1, y1, x2, y2 }]);
    }
    const attention = [0, 0, 0, 0, 1, 0, 0, 0, 0];
    const examples = Array.from(objects.values(), (boxes): PointingExample => {
      return { attention, grid: [3, 3], boxes };
    });
    const { score, center } = groundingAccuracy(examples);
    expect(examples.length).toBe(1835);
    expect(score).toBe(center);
    expect(center).toBeCloseTo(0.292, 3);
  });
});
