import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { parseTrainingConfig } from "../src/index.ts";
import { createToy, fit } from "./support/toy.ts";

useEngine();

test("the tie decides between equal values, for the best weights, the end and the rate", async () => {
  const toy = createToy({ count: 8 });
  const given = [
    { bleu: 0, loss: 5 },
    { bleu: 0, loss: Number.NaN },
    { bleu: 0, loss: 4 },
    { bleu: 0, loss: 4 },
    { bleu: 0.5, loss: 9 },
    { bleu: 0, loss: 1 },
    { bleu: 0.5, loss: 9 },
  ];
  let calls = 0;
  const task = { ...toy, validate: async () => given[calls++] ?? { bleu: 0, loss: 0 } };
  const watched = {
    metric: "bleu",
    mode: "max",
    tie: { metric: "loss", mode: "min" },
  } as const;
  const best: boolean[] = [];
  const rates: number[] = [];
  const config = parseTrainingConfig(
    {
      epochs: 50,
      tensorboard: false,
      optimizer: { name: "sgd", learningRate: 1e-3 },
      keepBest: watched,
      earlyStopping: { ...watched, patience: 2 },
      schedule: { name: "plateau", ...watched, factor: 0.5, patience: 0 },
    },
    "test",
  );
  const result = await fit(task, config, {
    out: temporaryDirectory(),
    onEvent(event) {
      if (event.type === "validation") best.push(event.isBest);
      if (event.type === "step") rates.push(event.learningRate / 1e-3);
    },
  });
  expect(best).toEqual([true, false, true, false, true, false, false]);
  expect(result).toMatchObject({
    stopped: "early-stopping",
    best: { value: 0.5, tie: 9, step: 5 },
  });
  expect(rates).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]);
  toy.module.dispose();
});
