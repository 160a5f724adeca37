import { createRandom } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { Words } from "@attend/text";
import { expect, test } from "vitest";
import { answererConfigSchema } from "../src/config.ts";
import { Answerer, answerers, evaluateAnswers } from "../src/index.ts";
import { coloredPictures } from "./fixture.ts";

useEngine();

const question = { kind: "bag-of-words" };
const sizes = { vocabularySize: 8, embeddingSize: 8, channels: 1280, size: 8 };
const config = answererConfigSchema.parse({
  encoder: { kind: "efficientnet-lite", variant: 0 },
  imageSize: 64,
  fusion: { kind: "concatenation", ...sizes, question },
});

test("an answerer folds its encoder, answers as evaluation does, and frees both", async () => {
  const rows = (await coloredPictures(temporaryDirectory(), 2)).slice(0, 2);
  const tokens = { words: new Words(["what", "color"]), answers: ["red", "green", "yes"] };
  await expectNoLeak(async () => {
    const model = answerers.create(config, tokens, createRandom(1));
    const { answers } = await evaluateAnswers(model, rows);
    const answerer = new Answerer(model);
    for (const [i, { file, question }] of rows.entries()) {
      const { answer, probability } = await answerer.ask(file, question);
      expect(answer).toBe(answers[i]?.answer);
      expect(probability).toBeCloseTo(answers[i]?.probability ?? 0, 4);
    }
    answerer.close();
  });
});
