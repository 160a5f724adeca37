import { join } from "node:path";
import { readSafetensors } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  parseTrainingConfig,
  readLog,
  type TrainingConfigInput,
  type TrainingEvent,
  type TrainOptions,
  train,
} from "../src/index.ts";
import { readCurves } from "./support/read-curves.ts";
import { createToy, fit, type Toy } from "./support/toy.ts";

useEngine();

const adam = { name: "adam", learningRate: 5e-3 } as const;

/** Trains and disposes the module. */
async function run(
  toy: Toy,
  config: Omit<TrainingConfigInput, "optimizer"> & Partial<TrainingConfigInput>,
  options: Partial<TrainOptions> = {},
) {
  const parsed = parseTrainingConfig({ optimizer: adam, tensorboard: false, ...config }, "test");
  return fit(toy, parsed, { out: options.out ?? temporaryDirectory(), ...options });
}

test("learns ten examples by heart", async () => {
  const toy = createToy({ count: 10, batchSize: 5, withDropout: false });
  const { metrics } = await run(toy, { maxSteps: 150, validateEvery: { steps: 150 } });
  expect(metrics?.["loss"]).toBeLessThan(0.02);
  expect(metrics?.["accuracy"]).toBe(1);
  toy.module.dispose();
});

test("holds no more tensors after 200 steps than after one", async () => {
  const toy = createToy();
  const counts: number[] = [];
  await expectNoLeak(() =>
    run(
      toy,
      {
        maxSteps: 200,
        clipNorm: 0.5,
        accumulate: 2,
        ema: { decay: 0.99 },
        validateEvery: { steps: 50 },
      },
      {
        onEvent: ({ type }) => {
          if (type === "step") counts.push(tf.memory().numTensors);
        },
      },
    ),
  );
  // An epoch's last update has one batch, so the prefetched one may differ.
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  expect(counts.length).toBe(200);
  toy.module.dispose();
});

test("k accumulated batches equal one large batch, even if their sizes differ", async () => {
  const weights = async (batchSize: number, accumulate: number) => {
    const toy = createToy({ count: 20, batchSize, withDropout: false });
    const shuffled = toy.plan.bind(toy);
    // The same order for both: 20 in one, or 8, 8 and 4.
    const task = {
      ...toy,
      plan: (_: number, random: Parameters<Toy["plan"]>[1]) => shuffled(0, random),
    };
    await run(task, {
      maxSteps: 5,
      accumulate,
      optimizer: { name: "sgd", learningRate: 0.1 },
      clipNorm: 1,
    });
    const values = toy.module.parameters().flatMap((each) => [...each.dataSync()]);
    toy.module.dispose();
    return values;
  };
  expectClose(await weights(8, 3), await weights(20, 1), 1e-5);
});

test("validates with the averaged weights, then restores the others", async () => {
  const toy = createToy();
  const validated: number[][] = [];
  const kernel = () => [...toy.module.hidden.kernel.dataSync()];
  const validate = toy.validate.bind(toy);
  const task: Toy = {
    ...toy,
    validate() {
      validated.push(kernel());
      return validate();
    },
  };
  const out = temporaryDirectory();
  await run(task, { maxSteps: 6, ema: { decay: 0.9 }, validateEvery: { steps: 6 } }, { out });
  const { tensors } = await readSafetensors(join(out, "latest.safetensors"));
  expect(validated).toEqual([[...tensors.get("ema/hidden.kernel")!.data]]);
  expect(kernel()).toEqual([...tensors.get("model/hidden.kernel")!.data]);
  expect(validated[0]).not.toEqual(kernel());
  toy.module.dispose();
});

test("stops early if the metric does not improve, and reduces the rate on a plateau", async () => {
  const toy = createToy({ count: 8 });
  let calls = 0;
  const task = { ...toy, validate: async () => ({ score: [1, 3, 2, 3, 1, 1][calls++] ?? 0 }) };
  const rates: number[] = [];
  const result = await run(
    task,
    {
      epochs: 50,
      keepBest: { metric: "score", mode: "max" },
      earlyStopping: { metric: "score", mode: "max", patience: 4 },
      schedule: { name: "plateau", metric: "score", mode: "max", factor: 0.5, patience: 1 },
    },
    {
      onEvent: (event) => {
        if (event.type === "step") rates.push(event.learningRate / adam.learningRate);
      },
    },
  );
  expect(result).toMatchObject({ stopped: "early-stopping", step: 6, best: { value: 3, step: 2 } });
  // Validations 3 and 4 do not beat a score of 3: more than `patience`, so update 5 has half the rate.
  expect(rates).toEqual([1, 1, 1, 1, 0.5, 0.5]);
  toy.module.dispose();
});

test("ends when its time is up, and so does its schedule", async () => {
  const toy = createToy();
  // A fake clock, because a step may take long on a busy machine.
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += 10;
    return now;
  });
  onTestFinished(() => clock.mockRestore());
  const rates: number[] = [];
  const { stopped, seconds, metrics } = await run(
    toy,
    { maxSeconds: 1.5, schedule: { name: "cosine" }, validateEvery: { steps: 1e6 } },
    {
      onEvent: (event) => {
        if (event.type === "step") rates.push(event.learningRate / adam.learningRate);
      },
    },
  );
  expect(stopped).toBe("complete");
  expect(seconds).toBeGreaterThanOrEqual(1.5);
  expect(rates[0]).toBe(1);
  expect(rates.at(-1)).toBeLessThan(0.1);
  expect(metrics?.["loss"]).toBeDefined();
  toy.module.dispose();
});

describe("stops, keeping the last good checkpoint,", () => {
  test("at a loss that is not finite, naming step and parameter", async () => {
    const toy = createToy({ count: 16 });
    const out = temporaryDirectory();
    let calls = 0;
    const task: Toy = {
      ...toy,
      loss(batch, random) {
        const result = toy.loss(batch, random);
        // Affects only the norm: log(0) times its scale.
        const bad = tf.mul(tf.log(tf.sub(1, tf.ones([]))), tf.sum(toy.module.norm.scale));
        return ++calls === 4 ? { ...result, loss: tf.add(result.loss, bad) } : result;
      },
    };
    await expect(
      run(task, { epochs: 9, checkpointEvery: { steps: 1 } }, { out }),
    ).rejects.toMatchObject({
      code: "NOT_FINITE",
      message: expect.stringMatching(
        /^step 4: the loss is -Infinity .* norm\.scale; .*learning rate/,
      ),
    });
    const { metadata, tensors } = await readSafetensors(join(out, "latest.safetensors"));
    expect(JSON.parse(metadata["state"] ?? "")).toMatchObject({ step: 3 });
    // The update was not applied to the module either.
    expect([...toy.module.hidden.kernel.dataSync()]).toEqual([
      ...tensors.get("model/hidden.kernel")!.data,
    ]);
    toy.module.dispose();
  });

  test("at an error while reading a batch, and leaks nothing", async () => {
    const toy = createToy({ count: 40 });
    let loads = 0;
    const task: Toy = {
      ...toy,
      load: async (plan, random) => {
        if (++loads === 4) throw new Error("photo.jpg is gone");
        return toy.load(plan, random);
      },
    };
    await expectNoLeak(async () => {
      await expect(run(task, { epochs: 1 })).rejects.toThrow("photo.jpg is gone");
    });
    toy.module.dispose();
  });
});

test("prepares a batch with the current weights, never in advance", async () => {
  const toy = createToy({ count: 24 });
  const order: string[] = [];
  const task: Toy = {
    ...toy,
    load(plan, random) {
      order.push("load");
      return toy.load(plan, random);
    },
    prepare: async ({ ids, labels }) => {
      order.push("prepare");
      const prepared = { ids: ids.clone(), labels };
      ids.dispose();
      return prepared;
    },
    loss(batch, random) {
      order.push("loss");
      return toy.loss(batch, random);
    },
  };
  await expectNoLeak(() => run(task, { epochs: 1 }));
  expect(order.join(" ")).toBe("load load prepare loss load prepare loss prepare loss");
  toy.module.dispose();
});

test("the log has the first examples that a validation shows", async () => {
  const toy = createToy({ count: 16 });
  const out = temporaryDirectory();
  const examples = Array.from({ length: 7 }, (_, i) => {
    return { input: `${i}`, expected: "one", output: "two" };
  });
  const { paths } = await run(
    toy,
    { epochs: 1 },
    {
      out,
      async validate(show) {
        show(examples);
        return { loss: 1 };
      },
    },
  );
  const [validation] = (await readLog(paths.log)).filter(({ type }) => type === "validation");
  expect(validation).toMatchObject({ metrics: { loss: 1 }, examples: examples.slice(0, 5) });
  toy.module.dispose();
});

test("logs each step and validation once, and emits matching events", async () => {
  const toy = createToy({ count: 16 });
  const out = temporaryDirectory();
  const events: TrainingEvent[] = [];
  const config = { epochs: 2, tensorboard: true, checkpointEvery: {} };
  const { paths } = await run(toy, config, { out, onEvent: (event) => events.push(event) });
  const log = await readLog(paths.log);
  expect(log.map(({ type, step, epoch }) => `${type} ${step} of ${epoch}`)).toEqual([
    "step 1 of 1",
    "step 2 of 1",
    "validation 2 of 1",
    "step 3 of 2",
    "step 4 of 2",
    "validation 4 of 2",
  ]);
  expect(events.map(({ type }) => type).join(" ")).toBe(
    "start step step validation-start validation checkpoint step step validation-start validation checkpoint",
  );
  const last = log.at(-2);
  expect(events.filter(({ type }) => type === "step").at(-1)).toMatchObject({
    ...last,
    secondsLeft: 0,
  });
  const curves = readCurves(paths.tensorboard);
  expect(Object.keys(curves)).toContain("train/accuracy");
  const losses = log.flatMap((entry) => (entry.type === "step" ? [entry.loss] : []));
  expect(curves["train/loss"]).toEqual(losses.map((loss, i) => [i + 1, Math.fround(loss)]));
  expect(curves["validation/loss"]?.map(([step]) => step)).toEqual([2, 4]);
  toy.module.dispose();
});

describe("rejects before the first step", () => {
  test.each<[string, Omit<TrainingConfigInput, "optimizer">, string, string]>([
    [
      "a pattern that matches nothing",
      { epochs: 1, parameterGroups: [{ pattern: "encoder." }] },
      "BAD_CONFIG",
      '"encoder."',
    ],
    [
      "everything frozen",
      { epochs: 1, parameterGroups: [{ pattern: "", frozen: true }] },
      "BAD_CONFIG",
      "nothing is left to train",
    ],
  ])("%s", async (_, config, code, message) => {
    const toy = createToy();
    await expectNoLeak(async () => {
      await expect(run(toy, config)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    });
    toy.module.dispose();
  });

  test("an empty epoch, a metric without validation, a metric that validation does not return", async () => {
    const toy = createToy();
    const empty = { ...toy, plan: () => [] };
    await expect(run(empty, { epochs: 1 })).rejects.toMatchObject({ code: "BAD_DATA" });
    const { validate: _, ...silent } = toy;
    const keepBest = { metric: "bleu", mode: "max" } as const;
    const parsed = parseTrainingConfig({ epochs: 1, optimizer: adam, keepBest }, "test");
    await expect(
      train(silent.module, silent, parsed, { out: temporaryDirectory() }),
    ).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: "keepBest needs metrics, but this task has no validation",
    });
    const tied = { metric: "loss", mode: "min", tie: keepBest } as const;
    await expect(run(toy, { epochs: 1, keepBest: tied })).rejects.toThrow(
      'keepBest.tie watches the metric "bleu"',
    );
    await expect(run(toy, { epochs: 1, keepBest })).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: 'keepBest watches the metric "bleu", but the validation returns loss, accuracy',
    });
    toy.module.dispose();
  });
});
