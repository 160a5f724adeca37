import { createRandom } from "@attend/runtime";
import { expect, test } from "vitest";
import { augmentationSchema } from "../src/augment/config.ts";
import type { Example } from "../src/example.ts";
import { planUtterances } from "../src/utterances.ts";

const examples = Array.from({ length: 60 }, (_, i): Example => {
  const frames = 10 + (i % 7);
  const features = { frames, size: 1, data: new Float32Array(frames) };
  return { features, text: "a", speaker: `speaker ${i % 3}` };
});

function plan(epoch: number, framesPerBatch = 600) {
  const augmentation = augmentationSchema.parse({ wordless: 0.1 });
  return planUtterances(examples, { augmentation, framesPerBatch, epoch }, createRandom(7));
}

test("an epoch has every recording once, joins those of one speaker, and adds noise without speech", () => {
  const utterances = plan(5).flat();
  expect(utterances.flat().sort((a, b) => a - b)).toEqual([...examples.keys()]);
  for (const utterance of utterances) {
    expect(new Set(utterance.map((index) => examples[index]?.speaker)).size).toBeLessThanOrEqual(1);
    expect(utterance.length).toBeLessThanOrEqual(5);
  }
  expect(utterances.some(({ length }) => length > 1)).toBe(true);
  expect(utterances.some(({ length }) => length === 0)).toBe(true);
});

test("the first epoch has single recordings only", () => {
  expect(
    plan(0)
      .flat()
      .every(({ length }) => length <= 1),
  ).toBe(true);
});

test("depends on its arguments alone", () => {
  expect(plan(5)).toEqual(plan(5));
  expect(plan(5, 100).length).toBeGreaterThan(plan(5).length);
});
