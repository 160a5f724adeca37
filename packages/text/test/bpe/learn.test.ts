import { AttendError } from "@attend/runtime/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BpeOptions, learnBpe } from "../../src/index.ts";
import { lines, specialTokens, unmarked } from "../support/lines.ts";
import { golden } from "./golden.ts";

/** The learned tokens, without special tokens, bytes and characters. */
const merges = (texts: Iterable<string>, options: BpeOptions) =>
  learnBpe(texts, options)
    .toJSON()
    .tokens.filter((token) => [...token].length > 1);

describe("learnBpe", () => {
  it("learns the same tokens as SentencePiece, in the same order", () => {
    const { tokens } = learnBpe(lines, { size: golden.size }).toJSON();
    const characters = golden.characters.length;
    expect(tokens.slice(0, characters).toSorted()).toEqual(
      golden.characters.map(unmarked).toSorted(),
    );
    expect(tokens.slice(characters)).toEqual(golden.merges.map(unmarked));
  });

  it("merges the most frequent pair first, and of equal ones the shorter", () => {
    // "ab" 5 times, then " ab" 4 times, then " abc" twice.
    const text = "abc abc abc ab ab";
    expect(merges([text], { size: 256 + 4 + 3 })).toEqual(["ab", " ab", " abc"]);
  });

  it("numbers special tokens, bytes, characters by descending count, then merges", () => {
    const bpe = learnBpe(["baab\n", "ab"], { size: 264, special: specialTokens });
    expect(bpe.size).toBe(264);
    const names = Array.from({ length: bpe.size }, (_, id) => bpe.token(id));
    expect(names.slice(0, 6)).toEqual([...specialTokens, "<0x00>", "<0x01>"]);
    expect(names.slice(259)).toEqual(["<0xFF>", "a", "b", "\n", "ab"]);
  });

  it("merges neither across words nor across texts", () => {
    const words = ["x1x1x1 y. y. y. z z z\n\nz\n\n", "q", "q", "q"];
    for (const token of merges(words, { size: 256 + 8 + 3 })) {
      expect(token).toMatch(/^ ?\p{L}+$|^ ?\p{N}+$|^ ?[^\s\p{L}\p{N}]+$|^\s+$/u);
    }
    expect(merges(["ab", "ab", "ab"], { size: 259 })).toEqual(["ab"]);
  });

  it("encodes characters rarer than minCount as bytes, and merges nothing across them", () => {
    const bpe = learnBpe(["aüb aüb aüb ab ab"], { size: 256 + 3 + 1, minCount: 4 });
    expect(bpe.toJSON().tokens).toEqual(["a", "b", " ", " a"]);
    const names = bpe.encode("aüb").map((id) => bpe.token(id));
    expect(names).toEqual(["a", "<0xC3>", "<0xBC>", "b"]);
  });

  it("makes no token longer than maxLength", () => {
    const learned = merges(["abcdefgh ".repeat(5)], { size: 256 + 9 + 5, maxLength: 3 });
    expect(learned.map((token) => token.length)).toEqual([2, 2, 2, 2, 3]);
  });

  it("normalizes texts if requested", () => {
    const bpe = learnBpe(["ｅ e\u0301é ㎏"], { size: 256 + 5, normalization: "nfkc" });
    expect(bpe.toJSON().tokens.slice(0, 5).toSorted()).toEqual([" ", "e", "g", "k", "é"]);
    expect(bpe.decode(bpe.encode("ｅe\u0301"))).toBe("eé");
    const nfc = learnBpe(["e\u0301"], { size: 257, normalization: "nfc" });
    expect(nfc.decode(nfc.encode("ｅe\u0301"))).toBe("ｅé");
  });

  it("learns as many tokens as requested, whatever the order of the texts", () => {
    const words = fc.array(fc.constantFrom("aab", "abab", "ba b", "日本日本", "本 ", "1 11"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 12 }), (texts, more) => {
        const size = 256 + new Set(texts.join("")).size + more;
        try {
          const bpe = learnBpe(texts, { size });
          expect(bpe.size).toBe(size);
          expect(new Set(bpe.toJSON().tokens).size).toBe(size - 256);
          expect(learnBpe(texts.toReversed(), { size }).toJSON()).toEqual(bpe.toJSON());
        } catch (error) {
          // Rejected, with a size that works.
          const most = Number(/ask for (\d+) or fewer/.exec(String(error))?.[1]);
          expect(learnBpe(texts, { size: most }).size).toBe(most);
        }
      }),
    );
  });

  it("learns each merge as if it recounted all neighbors", () => {
    const words = fc.array(fc.stringMatching(/^[abc]{1,9}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, (texts) => {
        let most = 0;
        try {
          learnBpe(texts, { size: 500 });
        } catch (error) {
          most = Number(/ask for (\d+) or fewer/.exec(String(error))?.[1]);
        }
        const letters = new Set(texts.join("")).size;
        const [learned, counted] = [merges(texts, { size: most }), slowly(texts)];
        expect(learned).toHaveLength(most - 256 - letters);
        expect(learned).toEqual(counted);
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
        const fitted = learnBpe(texts, { size, fit: true });
        expect(fitted.size).toBeLessThanOrEqual(size);
        expect(learnBpe(texts.toReversed(), { size, fit: true }).toJSON()).toEqual(fitted.toJSON());
        expect(fitted.decode(fitted.encode(texts.join("")))).toBe(texts.join(""));
      }),
    );
    const often = learnBpe(Array(5).fill("ab cd"), { size: 8000, fit: true });
    const rarely = learnBpe(Array(4).fill("ab cd"), { size: 8000, fit: true });
    expect(often.encode("ab").length).toBe(1);
    expect(rarely.size).toBe(256 + 5);
    // The most frequent characters come first.
    expect(learnBpe(["aab"], { size: 257, fit: true }).token(256)).toBe("a");
    expect(() => learnBpe(["a"], { size: 256, fit: true })).toThrow("too small");
  });

  it.each<[string, string[], BpeOptions, string, string]>([
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
    ["a huge size", ["a"], { size: 1e7 }, "BAD_ARGUMENT", "size is 10000000; give"],
    [
      "minCount 0",
      ["a"],
      { size: 300, minCount: 0 },
      "BAD_ARGUMENT",
      "minCount is 0; give a whole number",
    ],
    [
      "maxLength 0",
      ["a"],
      { size: 300, maxLength: 0 },
      "BAD_ARGUMENT",
      "maxLength is 0; give a whole number from 1 to 100",
    ],
    [
      "a special token twice",
      ["a"],
      { size: 300, special: ["<a>", "<a>"] },
      "BAD_ARGUMENT",
      'special is ["<a>","<a>"]; give at most 1000 different names',
    ],
    [
      "an unknown normalization",
      ["a"],
      { size: 300, normalization: JSON.parse('"nfd"') },
      "BAD_ARGUMENT",
      'normalization is "nfd"; give one of none, nfc, nfkc',
    ],
  ])("rejects %s", (_, texts, options, code, message) => {
    const learn = () => learnBpe(texts, options);
    expect(learn).toThrow(AttendError);
    expect(learn).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  // Takes seconds; many minutes if any step were quadratic in the length.
  it("is fast for a long text without spaces", { timeout: 600_000 }, () => {
    for (const unit of ["a", "ab", "日本語の", "  ", "\n", ".,"]) {
      const text = unit.repeat(200_000 / unit.length);
      const bpe = learnBpe([text], { size: 256 + new Set(unit).size + 3 });
      expect(bpe.decode(bpe.encode(text))).toBe(text);
    }
  });
});

/** Sennrich, Haddow & Birch 2016, algorithm 1, literally: each merge recounts all words. */
function slowly(texts: readonly string[]): string[] {
  let words = texts.map((text) => [...text]);
  const made: string[] = [];
  for (;;) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (const [at, right] of word.slice(1).entries()) {
        const text = `${word[at]}${right}`;
        // Neighbors that join to an existing token become it immediately.
        counts.set(
          text,
          made.includes(text) ? Number.POSITIVE_INFINITY : (counts.get(text) ?? 0) + 1,
        );
      }
    }
    const [best] = [...counts].toSorted(
      ([a, countA], [b, countB]) =>
        (countA === countB ? 0 : countB - countA) || a.length - b.length || (a < b ? -1 : 1),
    );
    if (best === undefined || best[1] < 2) return made;
    const [merged, count] = best;
    if (count < Number.POSITIVE_INFINITY) made.push(merged);
    words = words.map((word) => {
      const next: string[] = [];
      for (let at = 0; at < word.length; at++) {
        const pair = word.slice(at, at + 2);
        const isMerged = pair.length === 2 && pair.join("") === merged;
        next.push(isMerged ? merged : (word[at] ?? ""));
        if (isMerged) at++;
      }
      return next;
    });
  }
}
