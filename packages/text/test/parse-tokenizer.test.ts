import { expect, test } from "vitest";
import {
  Bpe,
  Characters,
  learnBpe,
  learnCharacters,
  learnUnigram,
  learnWords,
  parseTokenizer,
  Unigram,
  Words,
} from "../src/index.ts";
import { lines, specialTokens } from "./support/lines.ts";

test.each([
  ["words", learnWords(lines), Words],
  ["characters", learnCharacters(lines, { minCount: 3 }), Characters],
  ["bpe", learnBpe(lines, { size: 500, minCount: 2, special: specialTokens }), Bpe],
  ["unigram", learnUnigram(lines, { size: 500, lowerCase: true }), Unigram],
] as const)("a tokenizer of %s survives writing and reading", (kind, tokenizer, type) => {
  expect(tokenizer.toJSON().kind).toBe(kind);
  const read = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
  expect(read).toBeInstanceOf(type);
  expect(read.toJSON()).toEqual(tokenizer.toJSON());
  expect(read.special).toEqual(tokenizer.special);
  expect(read.decoder().suppressed).toEqual(tokenizer.decoder().suppressed);
  for (const line of lines) expect(read.encode(line)).toEqual(tokenizer.encode(line));
});

const head = { normalization: "none", special: ["<end>"] };
const bpe = { kind: "bpe", ...head, tokens: ["a", "b", "ab"] };
const unigram = { ...bpe, kind: "unigram", scores: [-1, -2, -3] };
const words = (...tokens: unknown[]) => ({ kind: "words", tokens: [...specialTokens, ...tokens] });
const characters = (...tokens: unknown[]) => ({ kind: "characters", tokens });

test.each<[string, unknown, string]>([
  ["null", null, "a tokenizer's kind is one of words"],
  ["a list", ["a"], "a tokenizer's kind is one of words"],
  ["no kind", { tokens: ["a"] }, "a tokenizer's kind is one of words, characters, bpe, unigram"],
  ["an unknown kind", { ...bpe, kind: "wordpiece" }, "kind: a tokenizer's kind is one of words"],
  ["a kind that is not a string", { ...bpe, kind: 3 }, "kind: a tokenizer's kind is one of words"],

  ["a number among words", words(5), "tokens.4: expected string"],
  ["an empty word", words(""), "tokens.4: too small"],
  [
    "no special tokens",
    { kind: "words", tokens: ["a"] },
    "tokens: a tokenizer of words begins with <pad>",
  ],
  [
    "too few special tokens",
    { kind: "words", tokens: ["<pad>", "<start>"] },
    "tokens: a tokenizer of words begins",
  ],
  ["a word twice", words("a", "b", "a"), 'the token "a" has two ids, 4 and 6'],
  ["a special word twice", words("a", "<pad>"), 'the token "<pad>" has two ids, 0 and 5'],

  ["no characters", characters(), "tokens: too small"],
  ["two characters in one", characters("a", "bc"), "tokens.1: it is not one character"],
  ["a character twice", characters("a", "b", "a"), 'the token "a" has two ids, 0 and 2'],

  [
    "a byte-pair encoding without normalization",
    { kind: "bpe", tokens: [] },
    "normalization: expected",
  ],
  ["an unknown key", { ...bpe, extra: 1 }, "extra: unknown key"],
  ["an unknown normalization", { ...bpe, normalization: "nfd" }, "normalization: expected one of"],
  ["lower case by name", { ...bpe, lowerCase: "yes" }, "lowerCase: expected boolean"],
  ["a number among tokens", { ...bpe, tokens: ["a", 5] }, "tokens.1: expected string"],
  ["an empty token", { ...bpe, tokens: ["a", ""] }, "tokens.1: too small"],
  ["a token that is too long", { ...bpe, tokens: ["a".repeat(201)] }, "tokens.0: too big"],
  ["too many special tokens", { ...bpe, special: Array(1001).fill("a") }, "special: too big"],
  ["an invalid byte", { ...bpe, bytes: [256] }, "bytes.0: too big"],
  ["a token twice", { ...bpe, tokens: ["a", "b", "a"] }, 'the token "a" has two ids, 257 and 259'],
  ["a special token twice", { ...bpe, special: ["a", "a"] }, 'the token "a" has two ids, 0 and 1'],
  ["half a character", { ...bpe, tokens: ["\ud83d"] }, "tokens.0: it is half a character"],
  [
    "a token that nothing merges into",
    { ...bpe, tokens: ["a", "b", "abc"] },
    'no two tokens merge into "abc", so that it can never be used',
  ],
  ["a byte-pair encoding with scores", { ...bpe, scores: [] }, "scores: unknown key"],

  ["a unigram model without scores", { ...bpe, kind: "unigram" }, "scores: expected array"],
  ["a score above 0", { ...unigram, scores: [-1, -2, 0.5] }, "scores.2: too big"],
  [
    "a score that is not a number",
    { ...unigram, scores: [-1, -2, null] },
    "scores.2: expected number",
  ],
  ["too few scores", { ...unigram, scores: [-1] }, "3 tokens, but 1 scores; copy"],
])("rejects %s", (_, given, message) => {
  expect(() => parseTokenizer(given, "vocabulary.json")).toThrow(
    expect.objectContaining({
      code: "BAD_DATA",
      message: expect.stringMatching(/^vocabulary\.json: [^\n]*$/),
    }),
  );
  expect(() => parseTokenizer(given, "vocabulary.json")).toThrow(message);
});
