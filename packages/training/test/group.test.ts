import { join } from "node:path";
import { readSafetensors } from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  parseTrainingConfig,
  readLog,
  type TrainingConfigInput,
  type TrainOptions,
} from "../src/index.ts";
import { groupOf } from "./support/group.ts";
import { createToy, fit, type Toy } from "./support/toy.ts";

useEngine();

type Changes = Partial<TrainingConfigInput>;
type Options = Partial<TrainOptions> & {
  /** Changes the task of a process. */
  readonly adapt?: (toy: Toy, rank: number) => Toy;
  readonly signals?: readonly AbortSignal[];
};

/** Trains the toy, of 50 examples in batches of 8 and a last one of 2, in several processes. */
async function run(processes: number, changes: Changes, { adapt, signals, ...more }: Options = {}) {
  const optimizer = { name: "sgd", learningRate: 0.1, momentum: 0.9 } as const;
  const input = { epochs: 3, clipNorm: 1, tensorboard: false, optimizer, ...changes };
  const config = parseTrainingConfig(input, "test");
  const out = more.out ?? temporaryDirectory();
  const toys = groupOf(processes).map((group) => ({ toy: createToy(), group }));
  const kernelOf = ({ module }: Toy): tf.Tensor => module.hidden.kernel;
  const ended = await Promise.allSettled(
    toys.map(({ toy, group }) => {
      const task = adapt?.(toy, group.rank) ?? toy;
      return fit(task, config, { out, group, signal: signals?.[group.rank], ...more });
    }),
  );
  const weights = toys.map(({ toy }) => Float32Array.from(kernelOf(toy).dataSync()));
  for (const { toy } of toys) toy.module.dispose();
  const failures = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  return { out, weights, failures, log: await readLog(join(out, "log.jsonl")).catch(() => []) };
}

test.each([
  [2, 1],
  [3, 2],
  [7, 1],
])(
  "%i processes that accumulate %i batches compute what one does with all",
  async (processes, accumulate) => {
    const parts = await run(processes, { accumulate });
    const whole = await run(1, { accumulate: processes * accumulate });
    expect(parts.failures).toEqual([]);
    for (const weights of parts.weights) {
      expect(weights).toEqual(parts.weights[0]);
      expectClose(weights, whole.weights[0]!, 1e-5);
    }
    expect(parts.log.length).toBe(whole.log.length);
    for (const [i, entry] of whole.log.entries()) {
      const other = parts.log[i]!;
      expect([other.type, other.step, other.epoch]).toEqual([entry.type, entry.step, entry.epoch]);
      for (const [name, value] of Object.entries(entry.metrics)) {
        expect(other.metrics[name]).toBeCloseTo(value ?? Number.NaN, 4);
      }
    }
  },
);

test("every run of as many processes gives the same bits, without a leak", async () => {
  const first = await run(2, { ema: { decay: 0.9 }, epochs: 1 });
  await expectNoLeak(async () => {
    const { weights } = await run(2, { ema: { decay: 0.9 }, epochs: 1 });
    expect(weights).toEqual(first.weights);
  });
});

describe("the first process", () => {
  test("alone validates, and ends all early", async () => {
    const validated = [0, 0];
    const adapt = (toy: Toy, rank: number): Toy => ({
      ...toy,
      async validate() {
        return { score: validated[rank]!++ === 0 ? 1 : 0 };
      },
    });
    const earlyStopping = { metric: "score", mode: "max", patience: 2 } as const;
    const { failures, log } = await run(2, { epochs: 9, earlyStopping }, { adapt });
    expect(failures).toEqual([]);
    expect(validated).toEqual([3, 0]);
    expect(log.filter(({ type }) => type === "validation").length).toBe(3);
  });

  test("decides when the time is up", async () => {
    const { failures, weights } = await run(2, { epochs: 1000, maxSeconds: 0.5 });
    expect(failures).toEqual([]);
    expect(weights[1]).toEqual(weights[0]);
  });
});

describe("an interruption of any process", () => {
  const stopAfter = (updates: number) => {
    const controllers = [new AbortController(), new AbortController()];
    let count = 0;
    const adapt = (toy: Toy, rank: number): Toy => ({
      ...toy,
      release(batch) {
        toy.release(batch);
        if (rank === 1 && ++count === updates) controllers[1]!.abort();
      },
    });
    return { adapt, signals: controllers.map(({ signal }) => signal) };
  };

  test("stops all after the same update, and changes nothing once resumed", async () => {
    const uninterrupted = await run(2, {});
    const stopped = await run(2, {}, stopAfter(5));
    expect(stopped.failures).toMatchObject([{ code: "INTERRUPTED" }, { code: "INTERRUPTED" }]);
    const resumed = await run(2, {}, { out: stopped.out, resume: true });
    expect(resumed.weights).toEqual(uninterrupted.weights);
  });

  test("during a validation saves, and repeats it", async () => {
    const controller = new AbortController();
    const adapt = (toy: Toy): Toy => ({
      ...toy,
      async validate() {
        controller.abort();
        throw new AttendError("INTERRUPTED", "stopped");
      },
    });
    const stopped = await run(2, {}, { adapt, signals: [controller.signal] });
    expect(stopped.failures).toMatchObject([{ code: "INTERRUPTED" }, { code: "INTERRUPTED" }]);
    const resumed = await run(2, {}, { out: stopped.out, resume: true });
    expect(resumed.weights).toEqual((await run(2, {})).weights);
  });

  test.each([1, 3])("goes on in %i processes, with each batch once an epoch", async (processes) => {
    const schedule = { name: "linear", minLearningRateRatio: 0.5 } as const;
    const { out } = await run(2, { schedule }, stopAfter(2));
    const read: number[] = [];
    const adapt = (toy: Toy): Toy => ({
      ...toy,
      loss(batch, random) {
        read.push(batch.ids.shape[0]);
        return toy.loss(batch, random);
      },
    });
    const { failures, log } = await run(processes, { schedule }, { out, resume: true, adapt });
    expect(failures).toEqual([]);
    // Four of the first epoch's seven batches were done.
    expect(read.length).toBe(3 + 7 + 7);
    const steps = log.flatMap((entry) => (entry.type === "step" ? [entry] : []));
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
    expect(steps.at(-1)).toMatchObject({ epoch: 3, totalSteps: steps.length, secondsLeft: 0 });
    // The schedule ends with the training.
    const [before, last] = steps.slice(-2).map(({ learningRate }) => learningRate);
    expect(last).toBeGreaterThan(0.05);
    expect(before! - last!).toBeCloseTo(last! - 0.05, 5);
  });
});

describe("rejects", () => {
  const carried = (toy: Toy): Toy => ({ ...toy, carried: { rows: 1, slots: new Map() } });
  const other = (toy: Toy, rank: number): Toy => {
    if (rank === 1) {
      const { kernel } = toy.module.hidden;
      tf.tidy(() => kernel.assign(tf.mul(kernel, 2)));
    }
    return toy;
  };
  test.each([
    [2, "a batch has 1 row; start fewer", carried],
    [8, "an epoch has 7 batches; start fewer", (toy: Toy) => toy],
    [2, "process 1 of 2 has other weights or data than process 0", other],
  ])("in %i processes: %s", async (processes, message, adapt) => {
    const { failures } = await run(processes, {}, { adapt });
    expect(failures.length).toBe(processes);
    for (const failure of failures) expect(failure.message).toContain(message);
  });
});

test("a loss that is not finite ends all with the same error", async () => {
  const adapt = (toy: Toy, rank: number): Toy => ({
    ...toy,
    loss(batch, random) {
      const { loss, ...rest } = toy.loss(batch, random);
      return { ...rest, loss: rank === 1 ? tf.mul(loss, Number.NaN) : loss };
    },
  });
  const { failures, out } = await run(2, {}, { adapt });
  expect(failures.map(({ code }) => code)).toEqual(["NOT_FINITE", "NOT_FINITE"]);
  expect(failures[1].message).toBe(failures[0].message);
  await expect(readSafetensors(join(out, "latest.safetensors"))).rejects.toThrow();
});
