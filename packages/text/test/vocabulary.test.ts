import { AttendError } from "@attend/runtime/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildVocabulary,
  endId,
  fitMinCount,
  padId,
  parseVocabulary,
  specialTokens,
  startId,
  unknownId,
  Vocabulary,
} from "../src/index.ts";

const lists = [
  ["a", "dog", "runs"],
  ["a", "cat"],
  ["a", "dog", "<end>"],
];

describe("fitMinCount", () => {
  // 10 times a, 5 times b, 2 times c, once d, e and f: 20 in all.
  const tokens = [..."aaaaaaaaaabbbbbccdef"];

  it.each([
    [5, 0.25, 5, 0.25],
    [5, 0.2, 2, 0.25],
    [5, 0.1, 1, 0.25],
    [100, 0.2, 2, 1],
    [1, 0, 1, 0],
  ])("asked for %d, at most %d unknown: %d", (minCount, maxUnknown, fitting, askedUnknown) => {
    expect(fitMinCount([tokens], { minCount, maxUnknown })).toEqual({
      minCount: fitting,
      askedUnknown,
    });
  });

  it("keeps what is asked for where there is nothing", () => {
    const options = { minCount: 5, maxUnknown: 0.2 };
    expect(fitMinCount([], options)).toEqual({ minCount: 5, askedUnknown: 0 });
  });
});

describe("buildVocabulary", () => {
  it("numbers by descending count, ties alphabetical, after the specials", () => {
    const vocabulary = buildVocabulary(lists, { minCount: 1 });
    expect(vocabulary.toJSON().tokens).toEqual([...specialTokens, "a", "dog", "cat", "runs"]);
    expect(vocabulary.size).toBe(8);
    expect([padId, startId, endId, unknownId].map((id) => vocabulary.token(id))).toEqual(
      specialTokens,
    );
  });

  it("drops what is rarer than minCount", () => {
    const vocabulary = buildVocabulary(lists, { minCount: 2 });
    expect(vocabulary.toJSON().tokens.slice(4)).toEqual(["a", "dog"]);
    expect(vocabulary.has("cat")).toBe(false);
    expect(vocabulary.id("cat")).toBe(unknownId);
  });

  it("does not depend on the order of the lists", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "é"))), (tokenLists) => {
        const reversed = tokenLists.toReversed();
        expect(buildVocabulary(reversed).toJSON()).toEqual(buildVocabulary(tokenLists).toJSON());
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses minCount %d", (minCount) => {
    expect(() => buildVocabulary(lists, { minCount })).toThrow(AttendError);
  });
});

describe("Vocabulary", () => {
  const vocabulary = buildVocabulary(lists);

  it("encodes and decodes back what it knows", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "dog", "cat", "runs")), (tokens) => {
        expect(vocabulary.decode(vocabulary.encode(tokens))).toEqual(tokens);
      }),
    );
  });

  it("decodes up to the first end and skips the specials", () => {
    expect(vocabulary.decode([startId, 4, unknownId, 5, padId, endId, 6])).toEqual(["a", "dog"]);
    expect(vocabulary.decode(new Int32Array([4, 5]))).toEqual(["a", "dog"]);
  });

  it("never takes text for a special token", () => {
    expect(vocabulary.encode(["<end>", "<pad>", "a"])).toEqual([unknownId, unknownId, 4]);
  });

  it.each([-1, 8, 1.5, Number.NaN])("refuses the id %d", (id) => {
    expect(() => vocabulary.token(id)).toThrow(/from 0 to 7/);
  });

  it("keeps its own copy of the tokens", () => {
    const tokens = [...specialTokens, "a"];
    const copy = new Vocabulary(tokens);
    tokens.push("b");
    expect(copy.size).toBe(5);
  });
});

describe("parseVocabulary", () => {
  it("reads what toJSON wrote", () => {
    const vocabulary = buildVocabulary(lists);
    const read = parseVocabulary(JSON.parse(JSON.stringify(vocabulary)));
    expect(read.toJSON()).toEqual(vocabulary.toJSON());
  });

  it.each([
    ["null", null, /the vocabulary: expected object, received null; a vocabulary is/],
    ["an array", ["a"], /expected object, received array/],
    ["a number among the tokens", { tokens: [...specialTokens, 5] }, /tokens\.4: /],
    ["an empty token", { tokens: [...specialTokens, ""] }, /tokens\.4: /],
    ["no specials", { tokens: ["a"] }, /token 0 is "a"/],
    ["too few specials", { tokens: ["<pad>", "<start>"] }, /token 2 is undefined/],
    ["a duplicate", { tokens: [...specialTokens, "a", "b", "a"] }, /"a" has the ids 4 and 6/],
  ])("refuses %s", (_, json, message) => {
    expect(() => parseVocabulary(json)).toThrow(message);
    expect(() => parseVocabulary(json)).toThrow(AttendError);
  });
});
