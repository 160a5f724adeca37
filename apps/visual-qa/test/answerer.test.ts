import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QuestionOnPhoto } from "../src/dataset.ts";
import {
  type AnswererModel,
  type AnswerOutcome,
  answerers,
  evaluateAnswers,
  loadAnswerer,
  type QuestionRow,
} from "../src/index.ts";
import { PhotoMemory } from "../src/photo-memory.ts";
import { coloredPictures } from "./fixture.ts";
import { train } from "./support/train.ts";

useEngine();

describe("a model trained on colored squares", () => {
  let rows: QuestionOnPhoto[];
  let base: string;
  let folder: string;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "attend-vqa-"));
    folder = join(base, "out");
    rows = await coloredPictures(base, 16);
    const { scores } = await train(rows, base);
    expect(scores.accuracy).toBe(1);
    expect(scores.byAnswerType).toEqual({ "yes/no": 1, other: 1 });
  }, 600_000);
  afterAll(() => rm(base, { recursive: true, force: true }));

  test("answers, with probabilities, runners-up and the region that it attended to", async () => {
    const answerer = await loadAnswerer({ model: folder });
    const [{ file = "", answers = [] } = {}] = rows;
    const result = await answerer.ask(file, "What color is the square?", {
      attention: true,
      nBest: 2,
    });
    expect(result.answer).toBe(answers[0]);
    expect(result.confident).toBe(true);
    expect(result.alternatives).toHaveLength(2);
    const sum = [result, ...result.alternatives].reduce(
      (total, each) => total + each.probability,
      0,
    );
    expect(sum).toBeLessThanOrEqual(1.000001);
    const { grid = [0, 0], hops = [] } = result.attention ?? {};
    expect(grid).toEqual([12, 12]);
    expect(hops).toHaveLength(1);
    expect(hops[0]?.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 4);
    answerer.close();
    await expect(answerer.ask(file, "Is it red?")).rejects.toThrow("this answerer is closed");
  });

  test("keeps a photo for further questions, and leaves no tensors behind", async () => {
    await expectNoLeak(async () => {
      const answerer = await loadAnswerer({ model: folder });
      for (const { file, question, answers } of rows.slice(0, 6)) {
        expect((await answerer.ask(file, question)).answer).toBe(answers[0]);
      }
      answerer.close();
    });
  });

  test("the next photos are decoded before the engine is busy, but one that cannot be read keeps nobody waiting", async () => {
    const model: AnswererModel = await answerers.load(folder);
    const memory = new PhotoMemory(model);
    const [{ file: photo = "" } = {}, { file: later = "" } = {}] = rows;
    const download = new ReadableStream();
    const next = [later, "missing.png", download].map((each) => memory.read(each, {}));
    let isDecoded = false;
    next[0]?.decoding.then(() => {
      isDecoded = true;
    });
    const { seen } = await memory.see([photo], {}, undefined, next);
    expect(seen?.photos).toEqual([photo]);
    expect(isDecoded).toBe(true);
    memory.dispose();
    model.network.dispose();
  });

  test("answers the other rows if one fails, in order", async () => {
    const answerer = await loadAnswerer({ model: folder });
    const [first] = rows;
    const photo = first?.file ?? "";
    const asked = [
      { photo, question: "What color is the square?" },
      { photo: "missing.png", question: "What color is the square?" },
      { photo, question: "  " },
      { photo, question: "xyzzy?" },
      { photo, question: "is ".repeat(500) },
    ];
    const outcomes = [];
    for await (const outcome of answerer.askAll(asked)) outcomes.push(outcome);
    expect(outcomes.map(({ row }) => row)).toEqual(asked);
    expect(outcomes.map(({ error }) => error?.code)).toEqual([
      ...[undefined, "FILE_NOT_FOUND", "BAD_ARGUMENT", undefined, undefined],
    ]);
    const remedy = "ask with other words, in the language of its questions";
    expect(outcomes.map(({ result }) => result?.warning)).toEqual([
      ...[undefined, undefined, undefined],
      `the model knows 0 of the question's 1 words; ${remedy}`,
      "only the first 40 of the question's 500 words were read",
    ]);
    expect(outcomes[3]?.result?.confident).toBe(false);
    answerer.close();
  });

  test("answers questions about one photo together as it does one by one", async () => {
    const answerer = await loadAnswerer({ model: folder });
    const questions = rows.slice(0, 3).map(({ question }) => question);
    const asked = rows.slice(0, 6).flatMap(({ file }) => {
      return ["", ...questions].map((question) => ({ photo: file, question }));
    });
    const together: AnswerOutcome<QuestionRow>[] = [];
    const alone: AnswerOutcome<QuestionRow>[] = [];
    const options = { attention: true, nBest: 3 };
    const run = async () => {
      for await (const outcome of answerer.askAll(asked, options)) together.push(outcome);
    };
    await run();
    async function* oneByOne() {
      // The next question depends on the last answer.
      for (const row of asked) {
        yield row;
        expect(alone.at(-1)?.row).toBe(row);
      }
    }
    for await (const outcome of answerer.askAll(oneByOne(), options)) alone.push(outcome);
    expect(together).toHaveLength(asked.length);
    for (const [i, { row, result, error }] of together.entries()) {
      const expected = alone[i];
      expect(row).toBe(asked[i]);
      expect(error?.message).toBe(expected?.error?.message);
      expect(result?.answer).toBe(expected?.result?.answer);
      expectClose(result?.probability ?? 0, expected?.result?.probability ?? 0, 1e-6);
      expectClose(
        [...(result?.attention?.hops[0] ?? [])],
        [...(expected?.result?.attention?.hops[0] ?? [])],
        1e-6,
      );
    }
    await expectNoLeak(run);
    answerer.close();
  });

  test("looks at the same regions when it is scored", async () => {
    const left = [{ name: "square", x1: 0, y1: 0, x2: 0.5, y2: 1 }];
    const answerer = await loadAnswerer({ model: folder });
    let looks = 0;
    for (const { file, question } of rows) {
      const { attention } = await answerer.ask(file, question, { attention: true });
      const [weights = new Float32Array()] = attention?.hops ?? [];
      const [, columns = 1] = attention?.grid ?? [];
      const column = weights.indexOf(Math.max(...weights)) % columns;
      if ((column + 0.5) / columns <= 0.5) looks++;
    }
    answerer.close();
    const model: AnswererModel = await answerers.load(folder);
    const { scores } = await evaluateAnswers(model, rows, { objects: rows.map(() => left) });
    const share = expect.closeTo(looks / rows.length, 10);
    expect(scores.pointing).toEqual({ questions: rows.length, hops: [share], center: 1 });
    model.network.dispose();
  });

  test("is scored by type, with its calibration error", async () => {
    const model: AnswererModel = await answerers.load(folder);
    const several = rows.map((row) => ({ ...row, answers: [...row.answers, ...row.answers] }));
    const progress: number[] = [];
    const { scores, answers } = await evaluateAnswers(model, several, {
      onProgress: (done) => progress.push(done),
    });
    expect(scores).toMatchObject({ questions: rows.length, accuracy: 1 });
    // Two people agree: n / 3, averaged over those that leave out one.
    expect(scores.consensus).toBeGreaterThan(0);
    expect(answers).toHaveLength(rows.length);
    expect(progress.at(-1)).toBe(rows.length);
    model.network.dispose();
  });
});
