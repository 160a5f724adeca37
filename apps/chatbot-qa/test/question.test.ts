import { expect, test } from "vitest";
import { readQuestion } from "../src/question.ts";

test.each([
  ["  how do\tI   install it? ", "how do I install it?", false],
  ["is \u001b[31mred\u001b[0m a color?", "is red a color?", true],
  ["\u001b]0;title\u0007how?", "how?", true],
  ["a\u0000b\u202e?", "ab?", true],
  ["¿cuánto cuesta? いくら", "¿cuánto cuesta? いくら", false],
])("%j is read as %j", (text, question, isCleaned) => {
  expect(readQuestion(text)).toEqual({ question, isCleaned });
});

test.each([
  ["", "the question is empty; ask something in words"],
  ["caf\ufffd?", expect.stringContaining("not UTF-8; set the terminal to UTF-8")],
  [" \u001b[1m\u0007 ", "the question is empty; ask something in words"],
  ["?! ...", 'the question has no word, only "?! ..."; ask something in words'],
  [
    "why ".repeat(2500),
    "the question has 10,000 characters, but at most 2,000 are read; ask a shorter one",
  ],
])("%j is an error", (text, message) => {
  expect(() => readQuestion(text)).toThrow(
    expect.objectContaining({ code: "BAD_ARGUMENT", message }),
  );
});
