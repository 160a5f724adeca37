import { expect, test } from "vitest";
import { readFaqQuestions } from "../../src/index.ts";
import { captionFiles } from "../support/caption-files.ts";
import { expectError } from "../support/errors.ts";

const read = (name: string, content: string) => readFaqQuestions(captionFiles(name, content).file);

const answered = { question: "what, how?", answer: "So." };

test.each([
  ["a.tsv", "question\tanswer\nwhat,  how?\tSo.\nwhy?\t\n", 2],
  ["a.csv", '"what, how?",So.\nwhy?,\n', 1],
  ["a.jsonl", `${JSON.stringify(answered)}\n{"question":"why?","answer":""}\n`, 1],
])("%s: %j", async (name, content, line) => {
  const { questions, warnings } = await read(name, content);
  expect(questions).toEqual([
    { ...answered, line },
    { question: "why?", line: line + 1 },
  ]);
  expect(warnings).toEqual([]);
});

test("one question per line, without answers", async () => {
  const { questions } = await read("a.txt", "what, how?\n\nwhy?\n");
  expect(questions).toEqual([
    { question: "what, how?", line: 1 },
    { question: "why?", line: 3 },
  ]);
});

test("a file without questions is an error", async () => {
  await expectError(read("a.txt", "?\n"), "BAD_DATA", /a\.txt has no question/);
});
