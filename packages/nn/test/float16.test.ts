import { loadGolden } from "@attend/test-kit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFloat16, encodeFloat16 } from "../src/index.ts";

const golden = loadGolden<{ float32Bits: number[]; float16Bits: number[] }>(
  new URL("./golden/float16.golden.json", import.meta.url),
);

test("all 65,536 patterns survive a round trip, NaN as NaN", () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const numbers = decodeFloat16(patterns);
  const again = encodeFloat16(numbers);
  const decodedAgain = decodeFloat16(again);
  const wrong = [...patterns].filter((pattern) => {
    const isNotNumber = (pattern & 0x7c00) === 0x7c00 && (pattern & 0x3ff) !== 0;
    return isNotNumber
      ? !Number.isNaN(numbers[pattern]) || !Number.isNaN(decodedAgain[pattern])
      : again[pattern] !== pattern;
  });
  expect(wrong).toEqual([]);
});

test("rounds like numpy: ties to even, subnormals, overflow, signed zero", () => {
  const numbers = new Float32Array(Uint32Array.from(golden.float32Bits).buffer);
  expect([...encodeFloat16(numbers)]).toEqual(golden.float16Bits);
});

test("decodes into a given array of any length modulo 4", () => {
  for (const length of [0, 1, 2, 3, 4, 5]) {
    const into = new Float32Array(length);
    expect(decodeFloat16(new Uint16Array(length).fill(0x3c00), into)).toBe(into);
    expect([...into]).toEqual(Array(length).fill(1));
  }
});

test("the error is at most half a unit in the last place", () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const [rounded] = decodeFloat16(encodeFloat16(Float32Array.of(value)));
      const unit = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10));
      expect(Math.abs((rounded ?? Number.NaN) - value)).toBeLessThanOrEqual(unit / 2);
    }),
  );
});
