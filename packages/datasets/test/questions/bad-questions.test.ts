import { describe, expect, test } from "vitest";
import { type ReadQuestionsOptions, readQuestions } from "../../src/index.ts";
import { captionFiles } from "../support/caption-files.ts";
import { expectError } from "../support/errors.ts";

function read(name: string, content: string | Uint8Array, options?: ReadQuestionsOptions) {
  return readQuestions(captionFiles(name, content).file, options);
}

const header = "image,question,answer\n";
const good = "a.jpg,Is this a dog?,yes\n".repeat(10);

test.each([
  ["an empty question", "a.jpg, ?,yes", "the question is empty"],
  ["no answer", "a.jpg,Why?, | ", "no answer"],
  ["no photo", ",Why?,no", "names no photo"],
  [
    "too few fields",
    "a.jpg,Why?",
    'not the 3 fields of the header ("image", "question", "answer")',
  ],
  ["an open quote", 'a.jpg,"Why?,no', "a quote that is never closed"],
  ["a broken quote", 'a.jpg,"Why" not?,no', "a broken quote"],
])("a row with %s is left out and named", async (_, row, fault) => {
  const { rows, warnings } = await read("qa.csv", `${header}${good}${row}\n`);
  expect(rows).toHaveLength(10);
  expect(warnings).toEqual([expect.stringMatching(/qa\.csv line 12: .*; left out$/)]);
  expect(warnings[0]).toContain(fault);
});

test("broken JSON lines are left out and named", async () => {
  const line = '{"image":"a.jpg","question":"Why?","answer":"no"}\n';
  const broken =
    '{"image":\n[]\n{"image":"a.jpg","answer":"no"}\n{"image":"a.jpg","question":1,"answer":"no"}\n';
  const { rows, warnings } = await read("qa.jsonl", line.repeat(5) + broken);
  expect(rows).toHaveLength(5);
  expect(warnings.map((each) => each.replace(/^.*qa/, "qa"))).toEqual([
    "qa.jsonl line 6: not valid JSON; left out",
    "qa.jsonl line 7: not a JSON object; left out",
    'qa.jsonl line 8: no column for the question, only "image", "answer"; left out',
    'qa.jsonl line 9: "question" is not a text; left out',
  ]);
});

test("Western letters are read, other invalid bytes left out", async () => {
  const western = Buffer.from(`${header}${good}a.jpg,Ist das ein Bär?,ja\n`, "latin1");
  const { rows, warnings } = await read("qa.csv", western);
  expect(rows.at(-1)?.question).toBe("Ist das ein Bär?");
  expect(warnings).toEqual([expect.stringMatching(/line 12: not UTF-8, read as Windows-1252/)]);
  const invalid = Buffer.concat([
    Buffer.from(`${header}${good}a.jpg,`),
    Buffer.alloc(20, 0xe4),
    Buffer.from(",no\n"),
  ]);
  expect((await read("qa.csv", invalid)).warnings).toEqual([
    expect.stringMatching(/line 12: not UTF-8; left out/),
  ]);
});

test("rows that cannot be used are kept in their places, if so requested", async () => {
  const csv = `${header}${good}a.jpg, ?,\nb.jpg\n${good}`;
  const { rows, warnings } = await read("qa.csv", csv, { answers: "optional", faulty: "kept" });
  expect(rows).toHaveLength(22);
  expect(rows.slice(10, 12)).toMatchObject([
    { image: "a.jpg", question: "?", line: 12, fault: expect.stringContaining("is empty") },
    { image: "", question: "", line: 13, fault: expect.stringContaining("not the 3 fields") },
  ]);
  expect(rows[10]?.fault).toMatch(
    /qa\.csv line 12: the question is empty; write it or remove the row$/,
  );
  expect(rows.filter(({ fault }) => fault === undefined)).toHaveLength(20);
  expect(warnings).toEqual([]);
});

test("so are those of JSON", async () => {
  const row = { image: "a.jpg", question: "Why?", answer: "no" };
  const { question, ...rest } = row;
  const list = JSON.stringify([row, rest, row]);
  for (const [name, content] of [
    ["qa.json", list],
    ["qa.jsonl", `${[row, rest, row].map((each) => JSON.stringify(each)).join("\n")}\n`],
  ] as const) {
    const { rows } = await read(name, content, { faulty: "kept" });
    expect(rows.map(({ fault }) => fault !== undefined)).toEqual([false, true, false]);
  }
  const { rows } = await read("qa.json", JSON.stringify([rest]), { faulty: "kept" });
  expect(rows).toHaveLength(1);
});

describe("an error names file, line and remedy:", () => {
  test.each([
    [
      "no question",
      "image,answer\na.jpg,no\n",
      /no column for the question, only "image", "answer"/,
    ],
    ["no photo", "question,answer\nWhy?,no\n", /no column for the photo/],
    ["no answer", "image,question\na.jpg,Why?\n", /no column for the answer/],
  ])("a column is missing: %s", (_, content, message) =>
    expectError(
      read("qa.csv", content),
      "BAD_DATA",
      new RegExp(
        `qa\\.csv line 1 has ${message.source}.*; name the columns image, question and answer, or choose by --\\w+-column$`,
      ),
    ),
  );

  test("a chosen column is missing", () =>
    expectError(
      read("qa.csv", header + good, { columns: { answer: "label" }, answers: "optional" }),
      "BAD_DATA",
      /line 1 has no column "label", only "image", "question", "answer"/,
    ));

  test("most rows cannot be used", () =>
    expectError(
      read("qa.csv", `${header}a.jpg,Why?,no\na.jpg,,no\na.jpg,,yes\n`),
      "BAD_DATA",
      /qa\.csv line 3, 4: the question is empty \(2 of 3 rows cannot be used\); write it or remove/,
    ));

  test("no question at all", async () => {
    await expectError(read("qa.csv", header), "BAD_DATA", /qa\.csv has no question to use; give/);
    await expectError(read("qa.csv", ""), "BAD_DATA", /qa\.csv has no question to use; give/);
    await expectError(readQuestions([]), "BAD_ARGUMENT", /^no file; give at least one/);
    await expectError(read("qa.json", "[]"), "BAD_DATA", /qa\.json has no question to use; give/);
  });

  test("photos are missing", async () => {
    const { file, images } = captionFiles("qa.csv", `${header}${good}A.jpg,Why?,no\n`);
    await expectError(
      readQuestions(file, { imagesDirectory: images }),
      "BAD_DATA",
      /1 of 2 photos of .* are not in .*: A\.jpg \(did you mean a\.jpg\?\); correct .* \(first: line 12\), or leave them out by --allow-missing/,
    );
    await expectError(
      readQuestions(file, { imagesDirectory: `${images}/no` }),
      "FILE_NOT_FOUND",
      /photos\/no/,
    );
  });

  test("a split needs the folder of photos", () =>
    expectError(
      read("qa.csv", header + good, { split: "dev.txt" }),
      "BAD_ARGUMENT",
      /imagesDirectory/,
    ));

  test("an image pattern without a number", () =>
    expectError(
      read("qa.csv", header + good, { imagePattern: "COCO.jpg" }),
      "BAD_ARGUMENT",
      /the image pattern "COCO\.jpg" has no \{id\}; give one such as \{id\}\.jpg/,
    ));

  test("files that are none of questions", async () => {
    await expectError(
      read("qa.csv", "PK\u0003\u0004 ..."),
      "BAD_DATA",
      /is a ZIP archive, .* give questions as CSV/,
    );
    await expectError(
      read("qa.json", '{\n"questions": []}'),
      "BAD_DATA",
      /JSON, but no list of questions; .* both files of VQA v2/,
    );
    await expectError(read("qa.json", "[{"), "BAD_DATA", /qa\.json is not valid JSON/);
    await expectError(readQuestions("no.csv"), "FILE_NOT_FOUND", /no\.csv/);
    await expectError(
      readQuestions({ questions: captionFiles("q.json", "{}").file }),
      "BAD_ARGUMENT",
      /has no answers; give its annotations/,
    );
  });
});

describe("VQA v2", () => {
  const files = (questions: unknown, annotations: unknown) => {
    const { file, write } = captionFiles("questions.json", JSON.stringify(questions));
    return { questions: file, annotations: write("annotations.json", JSON.stringify(annotations)) };
  };
  const question = (id: number) => ({ image_id: id, question: "Why?", question_id: id });
  const annotation = (id: number) => ({ question_id: id, answers: [{ answer: "no" }] });

  test("incomplete entries are left out and named", async () => {
    const { rows, warnings } = await readQuestions(
      files(
        { questions: [question(1), { image_id: 2 }, question(3), question(4)] },
        { annotations: [annotation(1), annotation(3), { question_id: 4 }] },
      ),
    );
    expect(rows.map(({ image }) => image)).toEqual(
      [1, 3].map((id) => `COCO_val2014_00000000000${id}.jpg`),
    );
    expect(warnings.map((each) => each.replace(/\S*\//g, ""))).toEqual([
      "annotations.json annotation 3: no question_id or answers; left out",
      "questions.json question 2: no image_id, question or question_id; left out",
      "questions.json question 4: no annotation in annotations.json; left out",
    ]);
  });

  test("files that are swapped", () =>
    expectError(
      readQuestions(files({ annotations: [annotation(1)] }, { questions: [question(1)] })),
      "BAD_DATA",
      /questions\.json has no list "questions"; give the questions of VQA v2 as JSON/,
    ));
});
