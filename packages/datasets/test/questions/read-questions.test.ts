import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type ReadQuestionsOptions, readQuestions } from "../../src/index.ts";
import { captionFiles } from "../support/caption-files.ts";

/** Image, question and answers of a file's rows, without looking for photos. */
async function read(name: string, content: string | Uint8Array, options?: ReadQuestionsOptions) {
  const { file } = captionFiles(name, content);
  const { rows, warnings } = await readQuestions(file, options);
  expect(warnings).toEqual([]);
  return rows.map(({ image, question, answers }) => [image, question, ...answers]);
}

const expected = [
  ["a.jpg", "Is this a dog?", "yes"],
  ["b.jpg", "What, if any, is red?", "ball", "car"],
];

test.each([
  [
    "commas",
    "qa.csv",
    'image,question,answer\na.jpg,Is this a dog?,yes\nb.jpg,"What, if any, is red?",ball|car\n',
  ],
  [
    "tabs, other columns between, and Windows' line ends",
    "qa.tsv",
    "ID\tAnswers\tQuestion\tFile\r\n1\tyes\tIs this  a dog? \ta.jpg\r\n\r\n2\tball | car\tWhat, if any, is red?\tb.jpg\r\n",
  ],
  [
    "semicolons, and answers as a JSON list",
    "qa.csv",
    'image;question;answers\na.jpg;Is this a dog?;yes\nb.jpg;What, if any, is red?;"[""ball"", ""car""]"\n',
  ],
  [
    "JSON lines",
    "qa.jsonl",
    '{"image":"a.jpg","question":"Is this a dog?","answer":"yes"}\n{"image":"b.jpg","question":"What, if any, is red?","answers":["ball","car"]}\n',
  ],
  [
    "a JSON list, one object with answers as in VQA",
    "qa.json",
    '[{"image":"a.jpg","question":"Is this a dog?","answer":"yes"},\n{"image":"b.jpg","question":"What, if any, is red?","answers":[{"answer":"ball"},{"answer":"car"}]}]',
  ],
])("reads %s", async (_, name, content) => {
  expect(await read(name, content)).toEqual(expected);
  expect(await read(name, gzipSync(content))).toEqual(expected);
  expect(await read(name, Buffer.from(`\uFEFF${content}`, "utf16le"))).toEqual(expected);
});

test("a row has its source, file and line", async () => {
  const { file } = captionFiles("qa.tsv", "image\tquestion\tanswer\tsource\na.jpg\tWhy?\tno\tme\n");
  const { rows } = await readQuestions(file);
  const row = { image: "a.jpg", question: "Why?", answers: ["no"], source: "me", file, line: 2 };
  expect(rows).toEqual([row]);
});

test("quotes in a TSV are text, numbers may be answers", async () => {
  const rows = await read("qa.tsv", 'image\tquestion\tanswer\na.jpg\tIs she "old"?\tno\n');
  expect(rows).toEqual([["a.jpg", 'Is she "old"?', "no"]]);
  const json = '{"image":"a.jpg","question":"How many?","answer":3}';
  expect(await read("qa.json", json)).toEqual([["a.jpg", "How many?", "3"]]);
});

test("DAQUAR's lists are separated by commas", async () => {
  const content = "image\tquestion\tanswer\nimage3.webp\twhat is on the desk ?\tbook, papers\n";
  const rows = await read("qa.tsv", content, { separator: "," });
  expect(rows).toEqual([["image3.webp", "what is on the desk ?", "book", "papers"]]);
});

test("columns with unusual names are chosen", async () => {
  const columns = { image: "foto", question: "frage", answer: "antwort" };
  const content = "Foto,Frage,Antwort\na.jpg,Warum?,darum\n";
  expect(await read("qa.csv", content, { columns })).toEqual([["a.jpg", "Warum?", "darum"]]);
});

test("easy-VQA's lists and other numbers are named by a pattern", async () => {
  const list = '[["is there a circle?", "yes", 0], ["what color is it?", "red", 17]]';
  expect(await read("questions.json", list, { imagePattern: "{id}.png" })).toEqual([
    ["0.png", "is there a circle?", "yes"],
    ["17.png", "what color is it?", "red"],
  ]);
  const content = "image_id,question,answer\n9,Why?,no\nb.jpg,Why?,no\n";
  const options = { imagePattern: "COCO_{id:12}.jpg", columns: { image: "image_id" } };
  expect(await read("qa.csv", content, options)).toEqual([
    ["COCO_000000000009.jpg", "Why?", "no"],
    ["b.jpg", "Why?", "no"],
  ]);
});

test("answers are optional on request, and then so is their column", async () => {
  const options = { answers: "optional" } as const;
  expect(await read("q.csv", "image,question\na.jpg,Why?\n", options)).toEqual([["a.jpg", "Why?"]]);
  const content = "image,question,answer\na.jpg,Why?,\n";
  expect(await read("q.csv", content, options)).toEqual([["a.jpg", "Why?"]]);
});

const vqaQuestions = {
  data_subtype: "train2014",
  questions: [
    { image_id: 9, question: "Is it a dog?", question_id: 90 },
    { image_id: 25, question: "How many?", question_id: 250 },
  ],
};
const ten = [...Array<string>(9).fill("2"), "3"];
const vqaAnnotations = {
  annotations: [
    {
      question_type: "how many",
      multiple_choice_answer: "2",
      answers: ten.map((answer, index) => ({
        answer,
        answer_confidence: "yes",
        answer_id: index + 1,
      })),
      image_id: 25,
      answer_type: "number",
      question_id: 250,
    },
    { answers: [{ answer: "yes" }], image_id: 9, question_id: 90 },
  ],
};

test("the two files of VQA v2 are joined by the question's id", async () => {
  const { file, write } = captionFiles("questions.json", JSON.stringify(vqaQuestions));
  const annotations = write("annotations.json", JSON.stringify(vqaAnnotations));
  const { rows, warnings } = await readQuestions({ questions: file, annotations });
  expect(warnings).toEqual([]);
  expect(rows).toEqual([
    {
      image: "COCO_train2014_000000000009.jpg",
      question: "Is it a dog?",
      answers: ["yes"],
      file,
      line: 1,
    },
    {
      image: "COCO_train2014_000000000025.jpg",
      question: "How many?",
      answers: ten,
      questionType: "how many",
      answerType: "number",
      file,
      line: 2,
    },
  ]);
  const unanswered = await readQuestions(
    { questions: file },
    { answers: "optional", imagePattern: "{id}.webp" },
  );
  expect(unanswered.rows.map(({ image, answers }) => [image, answers])).toEqual([
    ["9.webp", []],
    ["25.webp", []],
  ]);
});

test("photos are found in their folder, and those of a split chosen", async () => {
  const { file, images, write } = captionFiles(
    "qa.csv",
    "image,question,answer\na,Why?,no\nold/b.jpg,Why?,yes\nc.jpg,Why?,no\n",
  );
  const options = { imagesDirectory: images, allowMissing: true };
  const { rows, warnings } = await readQuestions(file, options);
  expect(rows.map(({ image, photo }) => [image, photo])).toEqual([
    ["a.jpg", `${images}/a.jpg`],
    ["b.jpg", `${images}/b.jpg`],
  ]);
  expect(warnings).toEqual([
    `1 of 3 photos of ${file} are not in ${images}: c.jpg; left out`,
    "the questions: the folders of old/b.jpg do not exist; photos are matched by file name",
  ]);
  const dev = await readQuestions(file, { ...options, split: write("dev.txt", "b.jpg\n") });
  expect(dev.rows.map(({ image }) => image)).toEqual(["b.jpg"]);
});

test("several files are read in order", async () => {
  const { file, write } = captionFiles("1.csv", "image,question,answer\na.jpg,Why?,no\n");
  const second = write("2.csv", "image,question,answer\nb.jpg,Why?,yes\n");
  const { rows } = await readQuestions([file, second]);
  expect(rows.map((row) => [row.image, row.file])).toEqual([
    ["a.jpg", file],
    ["b.jpg", second],
  ]);
});
