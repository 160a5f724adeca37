import { AttendError } from "@attend/runtime/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learnUnigram, type UnigramOptions } from "../../src/index.ts";
import { lines, specialTokens } from "../support/lines.ts";

describe("learnUnigram", () => {
  it("numbers special tokens, bytes, then pieces by descending probability", () => {
    const unigram = learnUnigram(lines, { size: 600, special: specialTokens });
    expect(unigram.size).toBe(600);
    expect([0, 4, 259].map((id) => unigram.token(id))).toEqual(["<pad>", "<0x00>", "<0xFF>"]);
    const { tokens, scores } = unigram.toJSON();
    expect(tokens).toHaveLength(600 - 260);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    expect(total).toBeGreaterThan(0.8);
    expect(total).toBeLessThanOrEqual(1.001);
  });

  it("has all characters, and pieces that make the text short", () => {
    const unigram = learnUnigram(lines, { size: 650 });
    const { tokens } = unigram.toJSON();
    for (const character of new Set(lines.join(""))) expect(tokens).toContain(character);
    const cut = (text: string) => unigram.encode(text).map((id) => unigram.token(id));
    expect(cut("The keeper of the boats")).toEqual(["The", " keeper", " of", " the", " boats"]);
    const characters = [...lines.join("")].length;
    const count = lines.reduce((sum, line) => sum + unigram.encode(line).length, 0);
    expect(count).toBeLessThan(characters / 2.5);
  });

  it("learns no pieces across words or texts", () => {
    const texts = ["x1x1x1 y. y. y. z z z\n\nz\n\n", "qq", "qq", "qq"];
    const { tokens } = learnUnigram(texts, { size: 256 + 7 + 3 }).toJSON();
    for (const token of tokens) {
      expect(token).toMatch(/^ ?\p{L}+$|^ ?\p{N}+$|^ ?[^\s\p{L}\p{N}]+$|^\s+$/u);
    }
  });

  it("encodes characters rarer than minCount or beyond the coverage as bytes", () => {
    const texts = ["aüb aüb aüb ab ab"];
    for (const rare of [{ minCount: 4 }, { coverage: 0.8 }]) {
      const unigram = learnUnigram(texts, { size: 256 + 3 + 1, ...rare });
      expect(unigram.toJSON().tokens.toSorted()).toEqual([" ", " a", "a", "b"]);
      const names = unigram.encode("aüb").map((id) => unigram.token(id));
      expect(names).toEqual(["a", "<0xC3>", "<0xBC>", "b"]);
    }
  });

  it("makes no token longer than maxLength", () => {
    const { tokens } = learnUnigram(lines, { size: 620, maxLength: 3 }).toJSON();
    expect(Math.max(...tokens.map((token) => [...token].length))).toBe(3);
  });

  it("learns as many tokens as requested, whatever the order of the texts", () => {
    const words = fc.array(
      fc.constantFrom("aab", "abab", "ba b", "日本日本", "本 ", "1 11", "😀😀"),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 12 }), (texts, more) => {
        const size = 256 + new Set(texts.join("")).size + more;
        try {
          const unigram = learnUnigram(texts, { size });
          expect(unigram.size).toBe(size);
          expect(new Set(unigram.toJSON().tokens).size).toBe(size - 256);
          expect(learnUnigram(texts.toReversed(), { size }).toJSON()).toEqual(unigram.toJSON());
          expect(unigram.decode(unigram.encode(texts.join("")))).toBe(texts.join(""));
        } catch (error) {
          if (!AttendError.isInstance(error)) throw error;
          // Rejected, with a size that works.
          const most = Number(/ask for (\d+) or fewer/.exec(String(error))?.[1]);
          expect(learnUnigram(texts, { size: most }).size).toBe(most);
        }
      }),
    );
  });

  it("fits the size to the text if requested, whatever the order of the texts", () => {
    const words = fc.array(
      fc.constantFrom("aab", "abab", "ba b", "日本日本", "本 ", "1 11", "😀😀"),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 257, max: 300 }), (texts, size) => {
        const fitted = learnUnigram(texts, { size, fit: true });
        expect(fitted.size).toBeLessThanOrEqual(size);
        expect(learnUnigram(texts.toReversed(), { size, fit: true }).toJSON()).toEqual(
          fitted.toJSON(),
        );
        expect(fitted.decode(fitted.encode(texts.join("")))).toBe(texts.join(""));
      }),
    );
    const often = learnUnigram(Array(5).fill("ab cd"), { size: 8000, fit: true });
    const rarely = learnUnigram(Array(4).fill("ab cd"), { size: 8000, fit: true });
    expect(often.encode("ab").length).toBe(1);
    expect(rarely.size).toBe(256 + 5);
    // The most frequent characters come first.
    expect(learnUnigram(["aab"], { size: 257, fit: true }).token(256)).toBe("a");
    expect(() => learnUnigram(["a"], { size: 256, fit: true })).toThrow("too small");
  });

  it.each<[string, string[], UnigramOptions, string, string]>([
    ["no text", ["", ""], { size: 300 }, "BAD_DATA", "are empty; give some text"],
    [
      "a size below bytes and characters",
      ["abc"],
      { size: 262, special: specialTokens },
      "BAD_ARGUMENT",
      "a tokenizer of 262 tokens is too small: 256 bytes, 3 characters and 4 special tokens take 263; ask for more, or raise minCount",
    ],
    [
      "a text that is too short for the size",
      ["abab ab"],
      { size: 1000 },
      "BAD_DATA",
      "too short for 1000 tokens: after 260 nothing is left that occurs twice; ask for 260 or fewer",
    ],
    [
      "half a token",
      ["a"],
      { size: 300.5 },
      "BAD_ARGUMENT",
      "size is 300.5; give a whole number from 1 to",
    ],
    [
      "coverage 0",
      ["a"],
      { size: 300, coverage: 0 },
      "BAD_ARGUMENT",
      "coverage is 0; give a fraction",
    ],
    [
      "coverage 2",
      ["a"],
      { size: 300, coverage: 2 },
      "BAD_ARGUMENT",
      "give a fraction above 0 and at most 1",
    ],
    [
      "maxLength 0",
      ["a"],
      { size: 300, maxLength: 0 },
      "BAD_ARGUMENT",
      "maxLength is 0; give a whole number from 1 to 100",
    ],
  ])("rejects %s", (_, texts, options, code, message) => {
    expect(() => learnUnigram(texts, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  // Takes seconds; many minutes if any step were quadratic in the length.
  it("is fast for a long text without spaces", { timeout: 600_000 }, () => {
    for (const unit of ["a", "ab", "日本語の", "  ", "\n", ".,"]) {
      const text = unit.repeat(200_000 / unit.length);
      const unigram = learnUnigram([text], { size: 256 + new Set(unit).size + 3 });
      expect(unigram.decode(unigram.encode(text))).toBe(text);
    }
  });
});
