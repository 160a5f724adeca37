import { expect, test } from "vitest";
import { readLabeledTexts } from "../../src/index.ts";
import { captionFiles } from "../support/caption-files.ts";
import { expectError } from "../support/errors.ts";

const read = (name: string, content: string) => readLabeledTexts(captionFiles(name, content).file);

const examples = [
  { text: "in Spanish, how do I say hello", intent: "translate", line: 1 },
  { text: "what is love", intent: "oos", line: 2 },
];

test.each([
  ["a.tsv", "in Spanish, how do I say hello\ttranslate\nwhat is love\toos\n", 0],
  ["a.tsv", "text\tintent\nin Spanish, how do I say hello\ttranslate\nwhat is love\toos\n", 1],
  ["a.csv", 'label,text\ntranslate,"in Spanish, how do I say hello"\noos,what is love\n', 1],
  ["a.jsonl", examples.map((each) => JSON.stringify(each)).join("\n"), 0],
])("%s: %j", async (name, content, before) => {
  const found = await read(name, content);
  expect(found).toEqual({
    examples: examples.map((each) => ({ ...each, line: each.line + before })),
    warnings: [],
  });
});

test("rows without a text or an intent are left out and named", async () => {
  const { examples, warnings } = await read("a.tsv", "a\tb\nc\t \nd\te\nf\tg\n \th\n");
  expect(examples.map(({ line }) => line)).toEqual([1, 3, 4]);
  expect(warnings.map((each) => each.replace(/^.*a\.tsv/, "a.tsv"))).toEqual([
    "a.tsv line 2: no intent; left out",
    "a.tsv line 5: no text; left out",
  ]);
});

test("a file without examples is an error", async () => {
  await expectError(read("a.tsv", "\n"), "BAD_DATA", /has no text with an intent/);
  await expectError(read("a.tsv", "text\twhat\nx\ty\n"), "BAD_DATA", /no column "intent"/);
});
