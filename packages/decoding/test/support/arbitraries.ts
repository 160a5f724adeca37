import fc from "fast-check";
import { words } from "./listener.ts";

/** Three sources of different lengths. */
export const sources = fc.array(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 }),
  { minLength: 3, maxLength: 3 },
);

/** Constraints for three rows with a `maxLength` of at least 4. */
export const constraints = fc.record({
  minLength: fc.integer({ min: 0, max: 4 }),
  noRepeatNgram: fc.integer({ min: 0, max: 3 }),
  prefix: fc.option(
    fc.array(fc.array(fc.constantFrom(...words), { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    { nil: undefined },
  ),
});

export const maxLength = fc.oneof(
  fc.integer({ min: 4, max: 8 }),
  fc.array(fc.integer({ min: 4, max: 8 }), { minLength: 3, maxLength: 3 }),
);

export const penalties = fc.record({
  lengthPenalty: fc.constantFrom(0, 0.7, 1.5),
  coveragePenalty: fc.constantFrom(0, 0.3),
});
