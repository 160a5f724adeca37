import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Characters, learnCharacters } from "../src/index.ts";

test("numbers characters in order of first use", () => {
  const characters = learnCharacters(["hel", "lo"]);
  expect(characters.toJSON()).toEqual({ kind: "characters", tokens: ["h", "e", "l", "o"] });
  expect(characters.encode("hello")).toEqual([0, 1, 2, 2, 3]);
});

test("decoding reverses encoding for any characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const characters = learnCharacters([text]);
      const ids = characters.encode(text);
      expect(characters.decode(ids)).toBe(text);
      expect(ids.map((id) => characters.token(id)).join("")).toBe(text);
      expect(characters.knows(text)).toBe(true);
      expect(ids.reduce((sum) => sum + characters.charactersOf(), 0)).toBe([...text].length);
    }),
  );
});

test("a character is a code point, such as an emoji", () => {
  const characters = learnCharacters(["👍a"]);
  expect(characters.size).toBe(2);
  expect(characters.encode("a👍")).toEqual([1, 0]);
});

describe("an unseen character", () => {
  test("is left out", () => {
    const characters = learnCharacters(["ab\n"]);
    expect(characters.encode("ab\n👍bé\né")).toEqual([0, 1, 2, 1, 2]);
    expect(characters.knows("ab")).toBe(true);
    expect(characters.knows("abé")).toBe(false);
    expect(characters.decoder().suppressed).toEqual([]);
  });

  test("is unknown if rare characters are, and is never generated", () => {
    const characters = learnCharacters(["aabbc"], { minCount: 2 });
    expect(characters.size).toBe(3);
    expect(characters.encode("abcé")).toEqual([0, 1, 2, 2]);
    expect(characters.knows("abc")).toBe(false);
    expect(characters.decoder().suppressed).toEqual([2]);
    expect(learnCharacters(["aabb"], { minCount: 2 }).size).toBe(2);
  });
});

test("rejects an id out of range, and a character that occurs twice", () => {
  expect(() => learnCharacters(["ab"]).token(2)).toThrow(
    "token id 2 is not a whole number from 0 to 1",
  );
  expect(() => new Characters(["a", "b", "a"])).toThrow('the token "a" has two ids, 0 and 2');
});
