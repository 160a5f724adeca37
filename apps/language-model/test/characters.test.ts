import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildCharacters, parseCharacters } from "../src/characters.ts";

const all = { minCount: 1 };

test("numbers characters in the order of their first use", () => {
  const characters = buildCharacters("hello", all);
  expect(characters.toJSON()).toEqual({ characters: ["h", "e", "l", "o"] });
  expect([...characters.encode("hello").ids]).toEqual([0, 1, 2, 2, 3]);
});

test("what it encodes it writes again, whatever the characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const characters = buildCharacters(text, all);
      const { ids, skipped } = characters.encode(text);
      expect(skipped).toBe(0);
      expect([...ids].map((id) => characters.character(id)).join("")).toBe(text);
      const read = parseCharacters(JSON.parse(JSON.stringify(characters)), "test");
      expect([...read.encode(text).ids]).toEqual([...ids]);
    }),
  );
});

test("a character is a code point: an emoji is one", () => {
  const characters = buildCharacters("👍a", all);
  expect(characters.size).toBe(2);
  expect([...characters.encode("a👍").ids]).toEqual([1, 0]);
});

describe("a character that was never seen", () => {
  test("is left out, counted, and its first place told", () => {
    const { ids, skipped, firstSkipped } = buildCharacters("ab\n", all).encode("ab\n👍bé\né");
    expect([...ids]).toEqual([0, 1, 2, 1, 2]);
    expect({ skipped, firstSkipped }).toEqual({
      skipped: 3,
      firstSkipped: { character: "👍", line: 2, column: 1 },
    });
  });

  test("is the unknown one where rare characters were made that", () => {
    const characters = buildCharacters("aabbc", { minCount: 2 });
    expect(characters.size).toBe(3);
    expect(characters.unknownId).toBe(2);
    expect([...characters.encode("abcé").ids]).toEqual([0, 1, 2, 2]);
    expect(buildCharacters("aabb", { minCount: 2 }).unknownId).toBe(undefined);
  });
});

test.each([
  [
    { tokens: ["a"] },
    'characters: expected array, but it is missing; tokens: unknown key; a vocabulary is { "characters": ["a", "b", ...] }',
  ],
  [{ characters: ["a", "bc"] }, '"bc" is not one character'],
  [{ characters: ["a", "b", "a"] }, '"a" stands there twice'],
])("refuses the vocabulary %j", (json, fault) => {
  expect(() => parseCharacters(json, "vocabulary.json")).toThrow(
    expect.objectContaining({
      code: "BAD_DATA",
      message: `vocabulary.json: ${fault}; copy or train the model again`,
    }),
  );
});

test("an id of no character is refused", () => {
  expect(() => buildCharacters("ab", all).character(2)).toThrow("from 0 to 1, but 2 was given");
});
