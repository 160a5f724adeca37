import { describe, expect, test } from "vitest";
import { readFaq } from "../../src/index.ts";
import { captionFiles } from "../support/caption-files.ts";
import { expectError } from "../support/errors.ts";

function read(name: string, content: string | Uint8Array) {
  return readFaq(captionFiles(name, content).file);
}

const ship = "We ship to <b>all</b> of Europe.";
const pair = { questions: ["Do you ship abroad?"], answer: ship };

test.each([
  ["pairs.csv", `question,answer\nDo you ship abroad?,${ship}\n`],
  ["pairs.csv", `Answer;Question\n${ship};Do you ship abroad?\n`],
  ["pairs.csv", `Do you ship abroad?,${ship}\n`],
  ["pairs.tsv", `question\tanswer\nDo you ship abroad?\t${ship}\n`],
  ["pairs.tsv", `id\tquestion\tanswer\n7\tDo you ship abroad?\t${ship}\n`],
  ["pairs.txt", `Do you ship abroad?\t${ship}\n`],
  ["pairs.jsonl", `${JSON.stringify({ question: "Do you ship abroad?", answer: ship })}\n`],
  ["pairs.json", JSON.stringify([{ questions: ["Do you ship abroad?"], answer: ship }])],
  ["faq.md", `# FAQ\n\nWelcome.\n\n## Orders\n### Do you ship abroad?\n\n${ship}\n`],
  ["faq.md", `Do you ship abroad?\n===\n\n## Do you ship abroad? ##\n${ship}`],
])("%s: %j", async (name, content) => {
  const { pairs, warnings } = await read(name, content);
  expect(pairs).toMatchObject([pair]);
  expect(warnings).toEqual([]);
});

test.each([
  ["pairs.csv", "question,answer\nHow? | How so?,So.\nWhy so?,So.\n", [2, 2, 3]],
  ["pairs.tsv", "How?|How so?\tSo.\nWhy so?\tSo.\n", [1, 1, 2]],
  [
    "pairs.jsonl",
    '{"question":["How?","How so?"],"answer":"So."}\n{"question":"Why so?","answer":"So."}',
    [1, 1, 2],
  ],
  ["faq.md", "# How?\n# How so?\n# Why so?\n\nSo.\n", [1, 2, 3]],
])("several wordings in %s", async (name, content, lines) => {
  const { pairs } = await read(name, content);
  expect(pairs).toEqual([{ questions: ["How?", "How so?", "Why so?"], answer: "So.", lines }]);
});

test("an answer may have several lines, commas and quotes", async () => {
  const { pairs } = await read(
    "a.csv",
    'question,answer\nHow?,"One, ""two""\nthree"\nWhen?,Now.\n',
  );
  expect(pairs.map(({ answer, lines }) => [answer, ...lines])).toEqual([
    ['One, "two"\nthree', 2],
    ["Now.", 4],
  ]);
});

test("a # in code is no heading", async () => {
  const code = "```sh\n# a comment\nrun\n```";
  const { pairs } = await read("faq.md", `## How?\n\n${code}\n\n## When?\nNow.\n`);
  expect(pairs.map(({ answer }) => answer)).toEqual([code, "Now."]);
});

test("repeated and conflicting answers are reported with their lines", async () => {
  const rows = ["How?,So.", "how,So.", "When?,Now.", "WHEN,Later.", "Why?,Because."];
  const { pairs, warnings } = await read("pairs.csv", `question,answer\n${rows.join("\n")}\n`);
  expect(pairs.map(({ questions, answer }) => [...questions, answer])).toEqual([
    ["How?", "So."],
    ["When?", "Now."],
    ["Why?", "Because."],
  ]);
  expect(warnings.map((each) => each.replace(/^.*pairs/, "pairs"))).toEqual([
    'pairs.csv line 3: "how" stands on line 2, too; left out',
    'pairs.csv line 5: "WHEN" has another answer than on line 4, which is kept; correct one of them',
  ]);
});

describe("a row that cannot be used is left out and named", () => {
  test.each([
    ["How?,", "no answer"],
    [",So.", "no question"],
    ["???,So.", '"???" is no question'],
    ["How?,So.,more", 'not the 2 fields of the header ("question", "answer")'],
  ])("%s", async (row, fault) => {
    const good = "Where?,Here.\nWho?,You.\n";
    const { pairs, warnings } = await read("pairs.csv", `question,answer\n${good}${row}\n`);
    expect(pairs).toHaveLength(2);
    expect(warnings).toEqual([expect.stringMatching(/pairs\.csv line 4: .*; left out$/)]);
    expect(warnings[0]).toContain(fault);
  });
});

describe("a file that cannot be used is an error of one line", () => {
  test.each([
    ["pairs.csv", "", /has no question with an answer; write a row/],
    ["faq.md", "# Title\n", /line 1: no answer/],
    ["faq.md", "Some text.\n", /has no question with an answer; write each question as a heading/],
    [
      "pairs.csv",
      "question,reaction\nHow?,So.\n",
      /line 1 has no column "answer", only "question"/,
    ],
    [
      "pairs.tsv",
      "a\tb\tc\n1\t2\t3\n",
      /line 1 has no column "question", only "a", "b", "c"; name/,
    ],
    ["pairs.jsonl", '{"question":"How?"}\n', /no column "answer"/],
    ["pairs.jsonl", '{"question":"How?","answer":{}}\n', /"answer" is not a text/],
    ["pairs.json", "[1]", /entry 1: not a JSON object/],
  ])("%s %j", async (name, content, message) => {
    await expectError(read(name, content), "BAD_DATA", message);
  });

  test("not text", async () => {
    const binary = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 7) % 256));
    await expectError(read("pairs.csv", binary), "BAD_DATA", /is a binary file, not text/);
    await expectError(readFaq("absent.csv"), "FILE_NOT_FOUND", /absent\.csv does not exist/);
  });

  test("an encoding that cannot be read", async () => {
    const shiftJis = Buffer.from(
      "8e9197bf82cd82c782b182c582b782a981482c82b182b182c582b7814290b3",
      "hex",
    );
    const content = Buffer.concat([Buffer.from("question,answer\n"), shiftJis, Buffer.from("\n")]);
    await expectError(
      read("pairs.csv", content),
      "BAD_DATA",
      /line 2: not UTF-8.*save the file as UTF-8/,
    );
  });
});
