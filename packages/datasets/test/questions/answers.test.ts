import { expect, test } from "vitest";
import {
  answerType,
  commonAnswers,
  commonestAnswers,
  formatQuestionStatistics,
  questionStatistics,
} from "../../src/index.ts";

test.each([
  ["yes", "yes/no"],
  [" No ", "yes/no"],
  ["2", "number"],
  ["1,000", "number"],
  ["3.5", "number"],
  ["Two", "number"],
  ["6:10", "other"],
  ["10 feet", "other"],
  ["no one", "other"],
  ["", "other"],
])("the type of %j is %s", (answer, type) => expect(answerType(answer)).toBe(type));

test("most people gave one of ten answers, or each of a list", () => {
  expect(commonestAnswers(["log", "tree", "trees", "tree"])).toEqual(["tree"]);
  expect(commonestAnswers(["yes", "no", "no", "yes"])).toEqual(["yes", "no"]);
  expect(commonestAnswers(["book", "scissor"])).toEqual(["book", "scissor"]);
  expect(commonestAnswers([])).toEqual([]);
});

const rows = [
  { image: "a", question: "Is it?", answers: ["Yes"], source: "x" },
  { image: "a", question: "is it?", answers: ["yes", "yes", "no"], source: "x" },
  { image: "b", question: "How many?", answers: ["two"], source: "y" },
  { image: "b", question: "What?", answers: ["a cat", "dog"], source: "x" },
];

test("the commonest answers come first, equally common ones in a fixed order", () => {
  const all = [
    { answer: "yes", count: 2 },
    { answer: "a cat", count: 1 },
    { answer: "dog", count: 1 },
    { answer: "two", count: 1 },
  ];
  expect(commonAnswers(rows)).toEqual(all);
  expect(commonAnswers([...rows].reverse())).toEqual(all);
  expect(commonAnswers(rows, { count: 2 })).toEqual(all.slice(0, 2));
  expect(commonAnswers(rows, { minCount: 2 })).toEqual(all.slice(0, 1));
  const normalize = (answer: string) => answer.replace(/^a /, "").replace("two", "2");
  expect(commonAnswers(rows, { normalize }).map(({ answer }) => answer)).toEqual([
    "2",
    "Yes",
    "cat",
    "dog",
    "yes",
  ]);
  expect(commonAnswers([])).toEqual([]);
});

test.each([{ count: 0 }, { minCount: 1.5 }])("%j is an error", (options) => {
  expect(() => commonAnswers(rows, options)).toThrow(/give a whole number of at least 1/);
});

test("statistics", () => {
  const statistics = questionStatistics(rows);
  expect(statistics).toMatchObject({
    rows: 4,
    images: 2,
    distinctQuestions: 3,
    distinctAnswers: 5,
    answerTypes: { "yes/no": 2, number: 1, other: 1 },
  });
  expect(formatQuestionStatistics(statistics)).toBe(
    [
      "4 questions (3 distinct) about 2 photos, 5 distinct answers",
      "answers: yes/no 2 (50.0%), number 1 (25.0%), other 1 (25.0%)",
      "most common: yes 2 (50.0%), a cat 1 (25.0%), dog 1 (25.0%), two 1 (25.0%)",
      "sources: x 3 (75.0%), y 1 (25.0%)",
    ].join("\n"),
  );
  expect(questionStatistics([])).toMatchObject({ rows: 0, images: 0, distinctAnswers: 0 });
});
