import { expect, test } from "vitest";
import { parseTrainingConfig, trainingConfigWatching } from "../src/config.ts";

const optimizer = { name: "adam", learningRate: 1e-3 };

test("fills in the defaults", () => {
  expect(parseTrainingConfig({ epochs: 2, optimizer }, "config.json")).toEqual({
    seed: 1,
    epochs: 2,
    optimizer: { ...optimizer, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    schedule: { name: "constant", warmupSteps: 0 },
    accumulate: 1,
    validateEvery: { epochs: 1 },
    checkpointEvery: { seconds: 600 },
    logEvery: 1,
    tensorboard: true,
    parameterGroups: [],
  });
});

test("accepts its own output", () => {
  const schedule = { name: "plateau", metric: "loss", mode: "min" };
  const parsed = parseTrainingConfig({ maxSteps: 9, optimizer, schedule }, "config.json");
  expect(parseTrainingConfig(parsed, "config.json")).toEqual(parsed);
});

test.each([
  [{ optimizer }, "epochs: give epochs, maxSteps or maxSeconds"],
  [{ epochs: 0, optimizer }, "epochs: "],
  [{ epochs: 1 }, "optimizer: "],
  [{ epochs: 1, optimizer: { name: "adagrad", learningRate: 1 } }, "optimizer.name: "],
  [{ epochs: 1, optimizer: { ...optimizer, learningRate: -1 } }, "optimizer.learningRate: "],
  [{ epochs: 1, optimizer, learningRate: 1 }, "learningRate: unknown key"],
  [
    { epochs: 1, optimizer, parameterGroups: [{ pattern: "(" }] },
    "parameterGroups.0.pattern: is not a regular expression",
  ],
  [
    { epochs: 1, optimizer, clipNorm: 1, clipValue: 1 },
    "clipNorm: give one of clipNorm, clipValue and clipParameterNorm",
  ],
  [{ epochs: 1, optimizer, ema: { decay: 1 } }, "ema.decay: "],
  [{ epochs: 1, optimizer, schedule: { name: "inverse-sqrt" } }, "schedule.warmupSteps: "],
  [[], "config.json: expected object, received array"],
])("rejects %j, naming the key on one line", (config, message) => {
  expect(() => parseTrainingConfig(config, "config.json")).toThrow(
    expect.objectContaining({ code: "BAD_CONFIG", message: expect.stringContaining(message) }),
  );
  expect(() => parseTrainingConfig(config, "config.json")).not.toThrow(/\n/);
});

test("keeps the best by one of the validation's metrics, and rejects others", () => {
  const schema = trainingConfigWatching(["bleu", "loss"], { metric: "bleu", mode: "max" });
  const optimizer = { name: "sgd", learningRate: 1 };
  const keptBy = (keepBest?: object) => schema.parse({ epochs: 1, optimizer, keepBest }).keepBest;
  expect(keptBy()).toEqual({ metric: "bleu", mode: "max" });
  expect(keptBy({ metric: "loss", mode: "min" })).toEqual({ metric: "loss", mode: "min" });
  expect(() => keptBy({ metric: "meteor", mode: "max" })).toThrow("not one of bleu, loss");
});

test("a tie applies to everything that watches the metric, and is one of the metrics", () => {
  const tie = { metric: "loss", mode: "min" } as const;
  const schema = trainingConfigWatching(["bleu", "loss"], { metric: "bleu", mode: "max", tie });
  const bleu = { metric: "bleu", mode: "max" };
  const config = { epochs: 1, optimizer: { name: "sgd", learningRate: 1 } };
  const watching = { keepBest: bleu, earlyStopping: { ...bleu, patience: 3 } };
  expect(schema.parse(config).keepBest).toEqual({ ...bleu, tie });
  const parsed = schema.parse({ ...config, ...watching, schedule: { name: "plateau", ...bleu } });
  expect(parsed).toMatchObject({ keepBest: { tie }, earlyStopping: { tie }, schedule: { tie } });
  expect(schema.parse(parsed)).toEqual(parsed);
  const byLoss = schema.parse({ ...config, keepBest: tie });
  expect(byLoss.keepBest).not.toHaveProperty("tie");
  const wrong = { ...config, keepBest: { ...bleu, tie: { metric: "ter", mode: "min" } } };
  expect(schema.safeParse(wrong).error?.issues).toMatchObject([
    { path: ["keepBest", "tie", "metric"], message: '"ter" is not one of bleu, loss' },
  ]);
});
