import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutRepeats } from "../../src/text/repeats.ts";

test.each([
  ["no no no no", "no"],
  ["No, no, no, do not go there.", "No, do not go there."],
  ["a dog a dog a dog", "a dog"],
  ["a big, big, BIG dog", "a big dog"],
  ["Let's let's let's go.", "Let's go."],
  ["it goes on and on and on and on", "it goes on and on"],
])("shortens %j", (text, expected) => {
  expect(withoutRepeats(text, "en")).toBe(expected);
});

test.each([
  "Bye bye!",
  "he had had a dog",
  "a man and a woman and a dog and a cat",
  "an anana nanas",
  "3 3 3 3",
  "ha-ha-ha",
  "No. No. No.",
])("leaves %j", (text) => {
  expect(withoutRepeats(text, "en")).toBe(text);
});

test("shortens phrases of languages without spaces", () => {
  expect(withoutRepeats("とてもとてもとても大きい犬", "ja")).toBe("とても大きい犬");
  expect(withoutRepeats("ここここにいる", "ja")).toBe("ここここにいる");
});

test("any phrase of different words, in any number", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const phrase = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(phrase, fc.integer({ min: 3, max: 9 }), (words, count) => {
      const text = new Array(count).fill(words.join(" ")).join(" ");
      expect(withoutRepeats(`${text} 1`, "en")).toBe(`${words.join(" ")} 1`);
    }),
  );
});

test("takes linear time", () => {
  for (const piece of ["a", "a ", "ab, ", "a b c d e ", "ab  ", "'"]) {
    const text = piece.repeat(100_000);
    expect(withoutRepeats(text, "en").length).toBeLessThanOrEqual(text.length);
  }
});
