import { expect, test } from "vitest";
import { padTokens } from "../src/index.ts";

test("padTokens pads to the longest", () => {
  expect(padTokens([[5, 6, 7], [], [8]], { padId: 9 })).toEqual({
    ids: Int32Array.of(5, 6, 7, 9, 9, 9, 8, 9, 9),
    lengths: [3, 0, 1],
    steps: 3,
  });
  expect(padTokens([], { padId: 9 }).steps).toBe(0);
});
