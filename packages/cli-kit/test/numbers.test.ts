import { describe, expect, test } from "vitest";
import { decimalNumber, wholeNumber } from "../src/index.ts";

describe("wholeNumber", () => {
  const read = wholeNumber({ min: 1, max: 100 });
  test.each([
    ["1", 1],
    ["100", 100],
    ["007", 7],
  ])("%s is %d", (text, number) => {
    expect(read(text)).toBe(number);
  });
  test.each(["0", "101", "2.5", "", " ", "five", "1e2", "0x10", "Infinity", "3 4"])(
    "%j is rejected",
    (text) => {
      expect(() => read(text)).toThrow("Expected a whole number from 1 to 100.");
    },
  );
});

describe("decimalNumber", () => {
  const read = decimalNumber({ min: 0 });
  test.each([
    ["0", 0],
    [".5", 0.5],
    ["1.", 1],
    ["1e-3", 0.001],
  ])("%s is %d", (text, number) => {
    expect(read(text)).toBe(number);
  });
  test.each(["-0.1", "NaN", "Infinity", "", "1,5", "0x1"])("%j is rejected", (text) => {
    expect(() => read(text)).toThrow("Expected a number of at least 0.");
  });
});
