import { AttendError } from "@attend/runtime/errors";
import { mean } from "./corpus.ts";

/** A rectangle in fractions of the picture's width and height, from its top left corner. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** An attention map, and the objects that it may point at. */
export interface PointingExample {
  /** A weight per position, row by row from the top left: `[rows * columns]`. */
  readonly attention: ArrayLike<number>;
  readonly grid: readonly [rows: number, columns: number];
  /** At least one. */
  readonly boxes: readonly Box[];
}

/** How often attention points at the right object, 0 to 1. */
export interface GroundingAccuracy {
  readonly score: number;
  /** The score of always pointing at the middle of the picture. */
  readonly center: number;
  readonly perExample: readonly boolean[];
}

/**
 * The pointing game (Zhang et al., 'Top-down Neural Attention by Excitation Backprop', 2016,
 * section 4.1): how often the middle of the position with the highest weight (the first of equal
 * ones) is in a box. Unlike in the paper, the mean is over examples instead of classes, and a point
 * near a box does not count.
 *
 * @throws AttendError BAD_DATA if there are no examples, or one has weights that do not fill its
 * grid or are not finite, no boxes, or a box that is not in fractions.
 */
export function groundingAccuracy(examples: readonly PointingExample[]): GroundingAccuracy {
  if (examples.length === 0) {
    throw new AttendError("BAD_DATA", "no attention maps were given; pass at least one");
  }
  const perExample = examples.map((example, i) => {
    checkExample(example, i);
    return isInside(peakOf(example), example.boxes);
  });
  const center = examples.map(({ boxes }) => isInside({ x: 0.5, y: 0.5 }, boxes));
  return { score: mean(perExample.map(Number)), center: mean(center.map(Number)), perExample };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function peakOf({ attention, grid: [rows, columns] }: PointingExample): Point {
  let peak = 0;
  for (let i = 1; i < attention.length; i++) if (attention[i]! > attention[peak]!) peak = i;
  return { x: ((peak % columns) + 0.5) / columns, y: (Math.floor(peak / columns) + 0.5) / rows };
}

function isInside({ x, y }: Point, boxes: readonly Box[]): boolean {
  return boxes.some((box) => x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2);
}

function checkExample({ attention, grid, boxes }: PointingExample, example: number): void {
  const fail = (problem: string) => {
    throw new AttendError("BAD_DATA", `example ${example} (counted from 0) ${problem}`);
  };
  const [rows, columns] = grid;
  if (
    !grid.every((side) => Number.isInteger(side) && side > 0) ||
    attention.length !== rows * columns
  ) {
    fail(
      `has ${attention.length} weights and a grid of ${rows} x ${columns}; pass one per position`,
    );
  }
  if (!Array.prototype.every.call(attention, Number.isFinite)) {
    fail("has a weight that is not finite; leave it out");
  }
  if (boxes.length === 0) fail("has no boxes; leave it out");
  for (const { x1, y1, x2, y2 } of boxes) {
    if (x1 >= 0 && x1 <= x2 && x2 <= 1 && y1 >= 0 && y1 <= y2 && y2 <= 1) continue;
    fail(
      `has a box from ${x1}, ${y1} to ${x2}, ${y2}; give fractions of width and height, from 0 to 1`,
    );
  }
}
