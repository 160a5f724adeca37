import fc from "fast-check";
import { expect, test } from "vitest";
import { lettering, shorten, wrap } from "../src/index.ts";

const letters = lettering(400);

test("draws valid SVG paths at any position", () => {
  const text = fc.string({ unit: fc.constantFrom(..."looked little, AVő ЖΩ 你😀'\"<&") });
  fc.assert(
    fc.property(text, fc.double({ min: -9, max: 999, noNaN: true }), (text, x) => {
      expect(letters.outline(text, x, 600, 16)).toMatch(/^(?:[MLQCZ]|-?\d+\.\d\d ?)*$/);
    }),
  );
});

test("draws European scripts and Japanese, and boxes for others", () => {
  const box = letters.outline("你", 0, 0, 20);
  expect(box).not.toBe("");
  for (const letter of ["é", "ő", "Ж", "Ω", "犬", "の", "。"]) {
    expect(letters.outline(letter, 0, 0, 20)).not.toBe(box);
    expect(letters.width(letter, 20)).toBeGreaterThan(5);
  }
});

test("wraps and shortens lines to fit, and loses no word that fits", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(words, fc.integer({ min: 60, max: 600 }), (words, width) => {
      const lines = wrap(letters, words.join(" "), 20, width);
      for (const line of lines) expect(letters.width(line, 20)).toBeLessThanOrEqual(width);
      const kept = words.map((word) => shorten(letters, word, 20, width));
      expect(lines.join(" ")).toBe(kept.join(" "));
    }),
  );
  expect(shorten(letters, "incomprehensible", 20, 80)).toMatch(/^incom.*…$/);
});
