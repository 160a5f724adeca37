import { cocoClassesIn, type ObjectBox } from "@attend/datasets";
import { groundingAccuracy, type PointingExample } from "@attend/metrics";
import type { Attention } from "./caption.ts";

/** How often words looked at the object that they name, and how often the middle of the photo is in one, 0 to 1. */
export interface PointingScores {
  readonly words: number;
  readonly score: number;
  readonly center: number;
}

/** Where each word of a caption that names an object of its photo looked, for `groundingAccuracy`. */
export function pointingExamples(
  { words, grid, weights }: Attention,
  objects: readonly ObjectBox[],
): PointingExample[] {
  return cocoClassesIn(words).flatMap(({ name, at }) => {
    const boxes = objects.filter((object) => object.name === name);
    const attention = weights[at];
    return attention === undefined || boxes.length === 0 ? [] : [{ attention, grid, boxes }];
  });
}

/** The pointing game; undefined without words. */
export function scorePointing(examples: readonly PointingExample[]): PointingScores | undefined {
  if (examples.length === 0) return undefined;
  const { score, center } = groundingAccuracy(examples);
  return { words: examples.length, score, center };
}
