import fc from "fast-check";
import { expect, it } from "vitest";
import { highest } from "../src/highest.ts";

it("finds what sorting all scores finds, and nothing that is ruled out", () => {
  const score = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NEGATIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(score), fc.integer({ min: 1, max: 9 }), (scores, count) => {
      const sorted = [...scores.keys()]
        .filter((i) => scores[i] !== Number.NEGATIVE_INFINITY)
        .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
      expect(highest(Float64Array.from(scores), count)).toEqual(sorted.slice(0, count));
    }),
  );
});
