import { AttendError } from "@attend/runtime/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detokenize, fitMinCount, learnWords, tokenize, Words } from "../../src/index.ts";
import { specialTokens } from "../support/lines.ts";

const captions = ["A dog runs.", "A cat.", "a dog <end>"];
const { pad, start, end, unknown } = Words.special;

describe("fitMinCount", () => {
  // 10 times a, 5 times b, 2 times c, once d, e and f: 20 in all.
  const text = [..."aaaaaaaaaabbbbbccdef"].join(" ");

  it.each([
    [5, 0.25, 5, 0.25],
    [5, 0.2, 2, 0.25],
    [5, 0.1, 1, 0.25],
    [100, 0.2, 2, 1],
    [1, 0, 1, 0],
  ])("requested %d, at most %d unknown: %d", (minCount, maxUnknown, fitting, requestedUnknown) => {
    expect(fitMinCount([text], { minCount, maxUnknown })).toEqual({
      minCount: fitting,
      requestedUnknown,
    });
  });

  it("keeps the requested count if there are no words", () => {
    const options = { minCount: 5, maxUnknown: 0.2 };
    expect(fitMinCount([], options)).toEqual({ minCount: 5, requestedUnknown: 0 });
  });
});

describe("learnWords", () => {
  it("numbers words by descending count, ties alphabetically, after special tokens", () => {
    const words = learnWords(captions, { minCount: 1 });
    expect(words.toJSON().tokens).toEqual([...specialTokens, "a", "dog", "cat", "runs"]);
    expect(words.size).toBe(8);
    expect([pad, start, end, unknown].map((id) => words.token(id ?? -1))).toEqual(specialTokens);
  });

  it("drops words rarer than minCount", () => {
    const words = learnWords(captions, { minCount: 2 });
    expect(words.toJSON().tokens.slice(4)).toEqual(["a", "dog"]);
    expect(words.has("cat")).toBe(false);
    expect(words.encode("cat")).toEqual([unknown]);
  });

  it("does not depend on the order of the texts", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "é"))), (lists) => {
        const texts = lists.map((words) => words.join(" "));
        expect(learnWords(texts.toReversed()).toJSON()).toEqual(learnWords(texts).toJSON());
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])("rejects minCount %d", (minCount) => {
    expect(() => learnWords(captions, { minCount })).toThrow(AttendError);
  });
});

describe("Words", () => {
  const words = learnWords(captions);

  it("encodes with tokenize, and decodes with detokenize", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "dog", "cat", "runs")), (list) => {
        const text = list.join(" ");
        const ids = words.encode(text);
        expect(ids.map((id) => words.token(id))).toEqual(tokenize(text));
        expect(words.decode(ids)).toBe(detokenize(list));
        const decoder = words.decoder();
        expect(ids.map((id) => decoder.push(id)).join("") + decoder.flush()).toBe(detokenize(list));
      }),
    );
  });

  it("decodes up to the first end and skips special tokens", () => {
    expect(words.decode([start, 4, 3, 5, pad, end, 6])).toBe("A dog.");
    expect(words.decode(new Int32Array([4, 5]))).toBe("A dog.");
  });

  it("never encodes text as a special token", () => {
    expect(words.encode("<end> <pad> a")).toEqual([unknown, unknown, 4]);
    expect(words.knows("A cat runs!")).toBe(true);
    expect(words.knows("a <end>")).toBe(false);
    expect(words.decoder().suppressed).toEqual([start, pad, unknown]);
  });

  it.each([-1, 8, 1.5, Number.NaN])("rejects the id %d", (id) => {
    expect(() => words.token(id)).toThrow(/from 0 to 7/);
    expect(() => words.charactersOf(id)).toThrow(/from 0 to 7/);
  });

  it("copies the words", () => {
    const list = ["a"];
    const copy = new Words(list);
    list.push("b");
    expect(copy.size).toBe(5);
    expect(copy.charactersOf(4)).toBe(1);
  });
});
