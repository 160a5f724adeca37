import { learnBpe } from "@attend/text";
import { describe, expect, test } from "vitest";
import { inSentenceCase } from "../../src/text/letter-case.ts";
import { unmask } from "../../src/text/masked.ts";
import { planText } from "../../src/text/plan.ts";

const tokenizer = learnBpe(
  [
    "The quick brown fox jumps over the lazy dog, ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 . ! ? ' \" - ( ) 。",
  ],
  { size: 330, normalization: "nfkc" },
);

/** What is translated in brackets, with what comes through around it. */
function shown(text: string, { from = "en", to = "de", most = 200 } = {}): string {
  const fits = (piece: string) => piece.length <= most;
  const { parts } = planText(text, { from, to, tokenizer, fits });
  return parts
    .map((part) =>
      typeof part === "string" ? part : `[${unmask(part.body)}]${part.capitals ? "^" : ""}`,
    )
    .join("");
}

describe("planText", () => {
  test.each([
    ["A dog runs. Two cats sleep.", "[A dog runs.] [Two cats sleep.]"],
    ["A dog runs.  Two cats sleep.\nIt rains.", "[A dog runs.]  [Two cats sleep.]\n[It rains.]"],
    ["  A dog.  ", "[A dog.]"],
    ["• A dog runs.", "• [A dog runs.]"],
    ["- a dog runs", "- [A dog runs]"],
    ["1. A dog runs. 2. A cat runs.", "1. [A dog runs.] 2. [A cat runs.]"],
    ['"A dog runs."', '"[A dog runs.]"'],
    ["“A dog runs. Two cats sleep.”", "“[A dog runs.] [Two cats sleep.]”"],
    ["(A dog runs.)", "([A dog runs.])"],
    ["A man says 'yes'.", "[A man says 'yes'.]"],
    ["the dogs'", "[The dogs']"],
    ["<p>A dog <b>runs</b>.</p>", "<p>[A dog <b>runs</b>.]</p>"],
    ["🐕 A dog runs 🐈", "🐕 [A dog runs] 🐈"],
    ["{name} is here.", "{name} [is here.]"],
    ["A DOG RUNS. A cat runs.", "[A dog runs.]^ [A cat runs.]"],
    ["3 dogs run.", "[3 dogs run.]"],
    ["-A dog runs.", "-[A dog runs.]"],
    ["(1) A dog runs.", "(1) [A dog runs.]"],
    ["[x] A dog runs.", "[x] [A dog runs.]"],
    ["iv) a dog runs.", "iv) [A dog runs.]"],
    ["A. A dog runs.", "A. [A dog runs.]"],
    ["<b>a dog</b> runs.", "<b>[A dog</b> runs.]"],
    ["1. A DOG RUNS.", "1. [A dog runs.]^"],
    ["{name} IS HERE.", "{name} [is here.]^"],
    ["| A dog | Two cats |", "| [A dog] | [Two cats] |"],
    ["<li>A dog</li><li>Two cats</li>", "<li>[A dog]</li><li>[Two cats]</li>"],
    ["A dog runs 🐕 The cat sleeps.", "[A dog runs] 🐕 [The cat sleeps.]"],
    ["„Komm!“, sagt er.", "[„Komm!“, sagt er.]"],
    ["OK", "OK"],
    ["1", "1"],
    ["10:30", "10:30"],
    ["...", "..."],
    ["--- 🐕 ---", "--- 🐕 ---"],
    ["https://example.com/a", "https://example.com/a"],
    ["", ""],
    [" \t ", ""],
  ])("of %j is %j", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test("sentences have no spaces between them where the language has none, and else one", () => {
    expect(shown("A dog runs. A cat runs.", { to: "ja" })).toBe("[A dog runs.][A cat runs.]");
    expect(shown("dog。cat。", { from: "ja", to: "en" })).toBe("[Dog。] [Cat。]");
    expect(shown("A dog runs.Two cats run.")).toBe("[A dog runs.] [Two cats run.]");
  });

  test("a sentence that is too long comes in pieces, each with its own spans", () => {
    expect(shown("A dog 🐕 runs, a cat 🐈 jumps, and a fox 🦊 too.", { most: 24 })).toBe(
      "[A dog 🐕 runs,] [a cat 🐈 jumps,] [and a fox 🦊 too.]",
    );
  });
});

test("what is too long is cut after its capitals were made small letters", () => {
  expect(shown("A DOG RUNS, A CAT JUMPS, AND A FOX TOO.", { most: 24 })).toBe(
    "[A dog runs, a cat jumps,]^ [and a fox too.]^",
  );
});

test("a number may be an ordinal", () => {
  expect(shown("Am 3. Mai kam er. Er auch.", { from: "de" })).toBe(
    "[Am 3. Mai kam er.] [Er auch.]",
  );
  expect(shown("He is 3. Dogs run.")).toBe("[He is 3.] [Dogs run.]");
});

test.each([
  ["A MAN IS RIDING.", "A man is riding.", true],
  ["WHAT DO I DO", "What do I do", true],
  ["GROßER HUND", "Großer hund", true],
  ["USA", "USA", false],
  ["a man", "A man", false],
  ["A man in the USA", "A man in the USA", false],
])("sentence case of %j is %j", (text, expected, capitals) => {
  expect(inSentenceCase(text, "en")).toEqual({ text: expected, capitals });
});
