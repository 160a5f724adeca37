import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import type { AnswerHead } from "../src/answers/answer-head.ts";
import { ClassHead } from "../src/answers/class-head.ts";
import { GeneratedHead } from "../src/answers/generated-head.ts";
import { generatedSchema } from "../src/config.ts";
import type { Target } from "../src/dataset.ts";
import { loadAnswerer } from "../src/index.ts";
import { rankAnswers } from "../src/probabilities.ts";
import { coloredPictures } from "./fixture.ts";
import { configOf, short, train } from "./support/train.ts";

useEngine();

const answers = ["yes", "no", "2"];
/** Two questions, two images of four positions and three channels. */
const joint = () => tf.tensor2d([1, 0, 0, 1], [2, 2]);
const image = () => ({ map: tf.ones<tf.Rank.R3>([2, 4, 3]), pooled: tf.ones<tf.Rank.R2>([2, 3]) });

function classes(loss: "softmax" | "several"): ClassHead {
  return new ClassHead(2, answers, { loss, dropout: 0 }, createRandom(1));
}

function lossOf(head: AnswerHead, targets: readonly Target[]): number {
  const loaded = head.load(targets);
  const loss = tf.tidy(() => loaded.loss(joint(), image(), createRandom(1)));
  const [value = Number.NaN] = loss.dataSync();
  loss.dispose();
  loaded.dispose();
  return value;
}

describe("targets", () => {
  const ten = ["yes", "Yes", "yes.", "yes", "yes", "yes", "yes", "no", "two", "maybe"];

  test("of a softmax are the most common answer, or the shares of all, which add up to 1", () => {
    const head = classes("softmax");
    expect(head.targetOf(ten, { soft: false })).toEqual({ ids: [0], shares: [1] });
    const soft = head.targetOf(ten, { soft: true });
    expect(soft?.ids).toEqual([0, 1, 2]);
    expectClose(tf.tensor1d([...(soft?.shares ?? [])]), [0.6, 0.2, 0.2]);
    expect(head.targetOf(["maybe"], { soft: false })).toBeUndefined();
    expect(head.targetOf(["maybe"], { soft: true })).toBeUndefined();
    head.dispose();
  });

  test("of several answers are right if three people, or all of fewer, gave them", () => {
    const head = classes("several");
    const shares = (given: string[]) => head.targetOf(given, { soft: false })?.shares;
    expect(shares(ten)).toEqual([1, 1 / 3, 1 / 3]);
    expect(shares(["yes"])).toEqual([1]);
    expect(shares(["yes", "no"])).toEqual([0.5, 0.5]);
    head.dispose();
  });

  test("of generated answers are words", () => {
    const config = generatedSchema.parse({ kind: "generated", maxLength: 2 });
    const head = new GeneratedHead({ size: 2, channels: 3 }, ["living", "room"], config, undefined);
    expect(head.targetOf(["Living room", "no"])?.ids).toEqual([4, 5]);
    expect(head.targetOf(["living rooms"])).toBeUndefined();
    expect(head.targetOf(["room room room"])).toBeUndefined();
    head.dispose();
  });
});

test("each loss is that of its targets", () => {
  const [softmax, several] = [classes("softmax"), classes("several")];
  for (const head of [softmax, several]) head.output.kernel.assign(tf.zeros([2, 3]));
  const [hard, soft] = [[{ ids: [0], shares: [1] }], [{ ids: [0, 1], shares: [0.5, 0.5] }]].map(
    (targets) => [...targets, ...targets],
  );
  expect(lossOf(softmax, hard ?? [])).toBeCloseTo(Math.log(3), 5);
  expect(lossOf(softmax, soft ?? [])).toBeCloseTo(Math.log(3), 5);
  expect(lossOf(several, soft ?? [])).toBeCloseTo(3 * Math.log(2), 5);
  for (const head of [softmax, several]) head.dispose();
});

test("a softmax shares a probability of 1, several answers have one each", () => {
  const candidates = { answers, logits: Float32Array.from([2, 0, -2]) };
  const softmax = { kind: "classes", loss: "softmax" } as const;
  const ranked = rankAnswers(candidates, { temperature: 2, answers: softmax }, 3);
  expect(ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
  const several = { kind: "classes", loss: "several" } as const;
  const [best, second] = rankAnswers(candidates, { temperature: 2, answers: several }, 3);
  expect(best?.answer).toBe("yes");
  expect(best?.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
  expect(second?.probability).toBe(0.5);
});

test("generated answers are learned, and ranked by their probability", async () => {
  const sizes = { embeddingSize: 8, hiddenSize: 8, attentionSize: 8, dropout: 0 };
  const config = generatedSchema.parse({ kind: "generated", ...sizes, beamWidth: 2 });
  const words = ["living", "room", "2"];
  const random = createRandom(1);
  const head = new GeneratedHead({ size: 2, channels: 3 }, words, config, random);
  const targets = [["living room"], ["2"]].flatMap((given) => head.targetOf(given) ?? []);
  const loaded = head.load(targets);
  expect(loaded.items).toBe(5);
  const optimizer = tf.train.adam(0.05);
  for (let step = 0; step < 60; step++) {
    optimizer.minimize(() => loaded.loss(joint(), image(), random), false, head.parameters());
  }
  loaded.dispose();
  const [questions, images] = [joint(), image()];
  await expectNoLeak(() => {
    const found = head.answer(questions, images);
    expect(found.map((each) => each.answers[0])).toEqual(["living room", "2"]);
    expect(found[0]?.answers).toHaveLength(2);
    expect(found[0]?.logits[0]).toBeGreaterThan(found[0]?.logits[1] ?? 0);
  });
  head.dispose();
});

describe("a model that is trained with", () => {
  test.each([
    { kind: "classes", count: 5, softTargets: true },
    { kind: "classes", loss: "several" },
    { kind: "generated", embeddingSize: 8, hiddenSize: 8, attentionSize: 8, minCount: 1 },
  ])("$kind answers, $loss, is saved, loaded and asked", async (head) => {
    const folder = temporaryDirectory();
    const rows = await coloredPictures(folder, 4);
    const config = { ...short, answers: head };
    await expectNoLeak(async () => {
      const { scores } = await train(rows, folder, config);
      expect(scores.questions).toBe(12);
      const answerer = await loadAnswerer({ model: join(folder, "out") });
      const { answer, probability, alternatives } = await answerer.ask(
        rows[0]?.file ?? "",
        "What color is the square?",
        { nBest: 3 },
      );
      expect(answer).toMatch(/^[a-z0-9]+( [a-z0-9]+)*$/);
      expect(alternatives).toHaveLength(3);
      expect(alternatives[0]?.probability).toBeLessThanOrEqual(probability);
      answerer.close();
    });
    const again = temporaryDirectory();
    const start = { startFrom: join(folder, "out"), encoderOnly: false };
    await train(rows, again, config, { start });
    expect(await readdir(join(again, "out/model"))).toHaveLength(3);
  });

  test("unknown answers is refused", async () => {
    await expect(configOf(temporaryDirectory(), { answers: { kind: "class" } })).rejects.toThrow(
      "answers.kind",
    );
    await expect(configOf(temporaryDirectory(), { answers: 0 })).rejects.toThrow("answers.count");
  });
});
