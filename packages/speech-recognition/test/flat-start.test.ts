import { expect, test } from "vitest";
import { flatAlignment } from "../src/flat-start.ts";

test("labels share the steps of their recording, and pauses are blank", () => {
  const places = [
    { start: 4, frames: 8 },
    { start: 16, frames: 16 },
  ];
  const options = { steps: 9, framesPerStep: 4, blank: 9 };
  expect(flatAlignment([[1], [2, 3]], places, options)).toEqual([9, 1, 1, 9, 2, 2, 3, 3, 9]);
  expect(flatAlignment([[], [2]], places, { ...options, steps: 5 })).toEqual([9, 9, 9, 9, 2]);
  expect(flatAlignment([], [], options)).toEqual(new Array(9).fill(9));
});
