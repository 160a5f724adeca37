import { describeWithData } from "@attend/test-kit";
import { expect, test } from "vitest";
import { commonAnswers, questionStatistics, readQuestionSet } from "../../src/index.ts";
import { expectError } from "../support/errors.ts";

test("an unknown set is an error", () =>
  expectError(
    Promise.resolve().then(() => readQuestionSet("toString", "dev")),
    "BAD_ARGUMENT",
    /no set of questions is named "toString"; give easy-vqa, daquar, coco8k, coco6k, or/,
  ));

async function readParts(name: string) {
  const [train, dev] = [await readQuestionSet(name, "train"), await readQuestionSet(name, "dev")];
  expect([train.warnings, dev.warnings]).toEqual([[], []]);
  const photos = new Set(train.rows.map(({ photo }) => photo));
  expect(dev.rows.filter(({ photo }) => photos.has(photo))).toEqual([]);
  return { train: train.rows, dev: dev.rows };
}

describeWithData("easy-VQA", ["easy-vqa"], () => {
  test("has the questions that its README counts, with 13 answers", async () => {
    const { train, dev } = await readParts("easy-vqa");
    expect(questionStatistics(train)).toMatchObject({
      rows: 38_575,
      images: 4000,
      distinctAnswers: 13,
      answerTypes: { "yes/no": 28_407, number: 0 },
    });
    expect(questionStatistics(dev)).toMatchObject({
      rows: 9673,
      images: 1000,
      answerTypes: { "yes/no": 7136 },
    });
  });
});

describeWithData("DAQUAR", ["daquar"], () => {
  test("has lists of answers, a tenth of the photos held out", async () => {
    const { train, dev } = await readParts("daquar");
    expect(train.length + dev.length).toBe(6795);
    const [inTrain, inDev] = [questionStatistics(train), questionStatistics(dev)];
    expect([inTrain.images, inDev.images]).toEqual([715, 79]);
    expect(Math.max(...train.map(({ answers }) => answers.length))).toBeGreaterThan(3);
  });
});

describeWithData("coco8k and coco6k", ["coco6k"], () => {
  test("have all questions once, with ten answers where there are", async () => {
    const coco8k = await readParts("coco8k");
    expect(coco8k.train.length + coco8k.dev.length).toBe(16_786 + 21_828);
    expect(commonAnswers(coco8k.train, { count: 2 }).map(({ answer }) => answer)).toEqual([
      "yes",
      "no",
    ]);
    const coco6k = await readParts("coco6k");
    expect(coco6k.train.length + coco6k.dev.length).toBe(19_558);
    const ten = (rows: typeof coco6k.dev) => rows.filter(({ answers }) => answers.length === 10);
    expect([ten(coco6k.train).length, ten(coco6k.dev).length]).toEqual([3449, 416]);
  });
});
