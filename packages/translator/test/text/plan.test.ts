import { learnBpe } from "@attend/text";
import { describe, expect, test } from "vitest";
import { toSentenceCase } from "../../src/text/letter-case.ts";
import { unmask } from "../../src/text/masked.ts";
import { planText } from "../../src/text/plan.ts";

const tokenizer = learnBpe(
  [
    "The quick brown fox jumps over the lazy dog, ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 . ! ? ' \" - ( ) 。",
  ],
  { size: 330, normalization: "nfkc" },
);

/** Units in brackets (followed by ^ if in capitals, and by several final marks), with the copied parts around them. */
function shown(text: string, { from = "en", to = "de", maxLength = 200 } = {}): string {
  const fits = (piece: string) => piece.length <= maxLength;
  const { parts } = planText(text, { from, to, tokenizer, fits });
  return parts
    .map((part) =>
      typeof part === "string"
        ? part
        : `[${unmask(part.body)}]${part.capitals ? "^" : ""}${part.marks}`,
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
    ["A dog runs!! A cat, too...", "[A dog runs!]!! [A cat, too.]..."],
    ['"A dog runs?!"', '"[A dog runs?]?!"'],
    ["NO NO NO NO 🐕 NO!!", "[No 🐕 no!]^!!"],
    ["No, no, no, no.", "[No.]"],
    ["OK", "OK"],
    ["OK!!", "OK!!"],
    ["1", "1"],
    ["10:30", "10:30"],
    ["...", "..."],
    ["--- 🐕 ---", "--- 🐕 ---"],
    ["https://example.com/a", "https://example.com/a"],
    ["", ""],
    [" \t ", ""],
  ])("plans %j as %j", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test("puts spaces between sentences unless the target language has none", () => {
    expect(shown("A dog runs. A cat runs.", { to: "ja" })).toBe("[A dog runs.][A cat runs.]");
    expect(shown("dog。cat。", { from: "ja", to: "en" })).toBe("[Dog。] [Cat。]");
    expect(shown("A dog runs.Two cats run.")).toBe("[A dog runs.] [Two cats run.]");
  });

  test("cuts a long sentence into pieces, each with its spans", () => {
    expect(shown("A dog 🐕 runs, a cat 🐈 jumps, and a fox 🦊 too.", { maxLength: 24 })).toBe(
      "[A dog 🐕 runs,] [a cat 🐈 jumps,] [and a fox 🦊 too.]",
    );
    expect(shown("A quick brown dog runs, the fox too!!", { maxLength: 24 })).toBe(
      "[A quick brown dog runs,] [the fox too!]!!",
    );
  });
});

test("converts capitals before cutting a long sentence", () => {
  expect(shown("A DOG RUNS, A CAT JUMPS, AND A FOX TOO.", { maxLength: 24 })).toBe(
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
  expect(toSentenceCase(text, "en")).toEqual({ text: expected, capitals });
});
