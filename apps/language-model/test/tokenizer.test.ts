import { expect, test } from "vitest";
import { encodeText, findUnknown } from "../src/dataset.ts";
import { countCharacters, learnTokenizer, startOf } from "../src/tokenizer.ts";
import { line } from "./models.ts";

const learn = (text: string, config: object = {}) =>
  learnTokenizer({ minCount: 1, ...config }, { all: text, training: text, source: "a.txt" });
const subwords = (text: string, size = 256 + new Set(text).size) =>
  learn(text, { units: "subwords", size });

test("learns subwords from the training text, and characters from the entire text", () => {
  const texts = { all: `${line.repeat(2)}QQQQ`, training: line.repeat(2), source: "a.txt" };
  const bytePairs = learnTokenizer({ units: "subwords", size: 270, minCount: 1 }, texts);
  expect(JSON.stringify(bytePairs)).not.toContain("Q");
  expect(JSON.stringify(learnTokenizer({ minCount: 1 }, texts))).toContain("Q");
});

test("without a prompt, text starts as after a line break, or after the first text token", () => {
  for (const [tokenizer, start] of [
    [learn(line), "\n"],
    [learn("banana"), "b"],
    [learn("aab", { minCount: 2 }), "a"],
    [subwords(line), "\n"],
    [subwords("banana"), "a"],
    [subwords("<0 x>xx"), "x"],
  ] as const) {
    expect(tokenizer.token(startOf(tokenizer))).toBe(start);
  }
});

test("counts the characters that start in tokens", () => {
  const tokenizer = subwords(line.repeat(4), 276);
  const ids = Int32Array.from(tokenizer.encode("the cat\n"));
  expect(ids.length).toBeLessThan(8);
  expect(countCharacters(tokenizer, ids)).toBe(8);
});

test("skips and counts unknown characters, and reports the first position", () => {
  const tokenizer = learn("ab\n");
  const text = "ab\n👍bé\né";
  const unknown = { character: '"👍" (U+1F44D)', line: 2, column: 1, count: 3 };
  expect(findUnknown(tokenizer, text)).toEqual(unknown);
  const { ids, skipped } = encodeText(tokenizer, text, { source: "a.txt", skipUnknown: true });
  expect([[...ids], skipped]).toEqual([[0, 1, 2, 1, 2], 3]);
  expect(findUnknown(learn("aab", { minCount: 2 }), text)).toBeUndefined();
  expect(findUnknown(subwords("ab"), text)).toBeUndefined();
});

test("encodes megabytes in parts to the same tokens", () => {
  const text = `${line.repeat(50)}  ${"lang ".repeat(3)}`.repeat(1000);
  for (const tokenizer of [learn(text), subwords(text, 280)]) {
    const { ids } = encodeText(tokenizer, text, { source: "a.txt" });
    expect(
      Buffer.from(ids.buffer).equals(Buffer.from(Int32Array.from(tokenizer.encode(text)).buffer)),
    ).toBe(true);
  }
});
