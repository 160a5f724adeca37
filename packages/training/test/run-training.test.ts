import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { saveWeights } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  contentHash,
  parseTrainingConfig,
  type RunEvent,
  type RunOptions,
  requireUntaken,
  runTraining,
  type Stage,
  type TrainingConfigInput,
} from "../src/index.ts";
import { createToy, type Toy } from "./support/toy.ts";

useEngine();

const keepBest = { metric: "accuracy", mode: "max", tie: { metric: "loss", mode: "min" } } as const;

function configWith(changes: Partial<TrainingConfigInput> = {}): Stage["config"] {
  const given = { epochs: 3, optimizer: { name: "adam", learningRate: 5e-3 }, ...changes };
  const config = parseTrainingConfig({ ema: { decay: 0.8 }, keepBest, ...given }, "test");
  return { ...config, keepBest };
}

interface Given extends Partial<RunOptions> {
  readonly out: string;
  /** Interrupts the training after so many of its updates and validations. */
  readonly until?: number;
  /** Of the first stage. */
  readonly config?: Stage["config"];
  /** What happens, a word each. */
  readonly told?: string[];
}

/** The whole classifier. */
const plainStage = (toy: Toy, changes: Partial<Stage> = {}): Stage => ({
  module: toy.module,
  config: configWith(),
  start: () => ({ task: toy, validate: () => toy.validate() }),
  ...changes,
});

/** The whole classifier, then its last layer alone. */
function twoStages(toy: Toy, { config = configWith(), told = [] }: Given): Stage[] {
  const named = (name: string): Partial<Stage> => ({
    name,
    start() {
      told.push(`start ${name}`);
      return { task: toy, validate: () => toy.validate(), close: () => void told.push("close") };
    },
  });
  return [
    plainStage(toy, { ...named("whole"), config }),
    plainStage(toy, { ...named("output"), module: toy.module.output, settings: { layers: 1 } }),
  ];
}

async function run(given: Given, plain = false) {
  const { out, until, told, config = configWith(), ...rest } = given;
  const toy = createToy({ count: 24 });
  const controller = new AbortController();
  let moments = 0;
  try {
    return await runTraining({
      resume: true,
      signal: controller.signal,
      onEvent({ type }) {
        if ((type === "step" || type === "validation") && ++moments === until) controller.abort();
      },
      origin: { content: { words: contentHash(["a", "b"]) }, config: { size: 1 } },
      stages: plain ? [plainStage(toy, { config })] : twoStages(toy, given),
      async save(folder) {
        told?.push("save");
        await mkdir(folder, { recursive: true });
        await saveWeights(toy.module, join(folder, "model.safetensors"));
      },
      ...rest,
      out,
    });
  } finally {
    toy.module.dispose();
  }
}

const weightsIn = (folder: string) => readFileSync(join(folder, "model/model.safetensors"));
const stopped = (out: string) => ({
  code: "INTERRUPTED",
  message: `stopped; run the same command with --resume to go on with ${out}`,
});

test("a plain training writes right into its folder", async () => {
  const out = join(temporaryDirectory(), "run");
  const events: RunEvent[] = [];
  const { step, best, stages } = await run({ out, onEvent: (event) => events.push(event) }, true);
  expect({ step, stages: stages.length }).toEqual({ step: 9, stages: 1 });
  expect(best.metric).toBe("accuracy");
  expect(readdirSync(out).sort()).toEqual([
    "best.safetensors",
    "curves.png",
    "latest.safetensors",
    "log.jsonl",
    "model",
    "origin.json",
    "result.json",
    "tensorboard",
  ]);
  expect(events.map(({ type }) => type)).not.toContain("stage");
});

describe("stages", () => {
  test("write a folder each, with a model, and the last one's is that of the training", async () => {
    const out = temporaryDirectory();
    const [events, told]: [RunEvent[], string[]] = [[], []];
    const onEvent = (event: RunEvent) => events.push(event);
    const { step, seconds, stages } = await run({ out, told, onEvent });
    expect(readdirSync(out).sort()).toEqual(["1-whole", "2-output", "model"]);
    expect(weightsIn(out).equals(weightsIn(join(out, "2-output")))).toBe(true);
    expect(weightsIn(out).equals(weightsIn(join(out, "1-whole")))).toBe(false);
    for (const folder of ["1-whole", "2-output"]) {
      expect(existsSync(join(out, folder, "curves.png"))).toBe(true);
    }
    expect(told.join(" ")).toBe("start whole close save start output close save");
    expect(events.filter(({ type }) => type === "stage")).toEqual([
      { type: "stage", name: "whole", place: 1, stages: 2 },
      { type: "stage", name: "output", place: 2, stages: 2 },
    ]);
    expect(stages.map((stage) => stage.step)).toEqual([9, 9]);
    expect(step).toBe(18);
    expect(seconds).toBeCloseTo((stages[0]?.seconds ?? 0) + (stages[1]?.seconds ?? 0));
  });

  test("stopped after each update and validation they end with the very same weights", async () => {
    const [whole, out] = [temporaryDirectory(), temporaryDirectory()];
    await run({ out: whole });
    await expectNoLeak(async () => {
      for (let until = 1; until <= 4; until++) {
        for (let stop = 0; stop < 3; stop++) {
          const failure = await run({ out, until }).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (failure !== undefined) expect(failure).toMatchObject(stopped(out));
        }
      }
      await run({ out });
    });
    for (const folder of ["1-whole", "2-output", "."]) {
      expect(weightsIn(join(out, folder)).equals(weightsIn(join(whole, folder)))).toBe(true);
    }
  });

  test("that are finished are not started again, and are told", async () => {
    const out = temporaryDirectory();
    const first = await run({ out });
    const before = weightsIn(out);
    const told: string[] = [];
    expect(await run({ out, told })).toEqual(first);
    expect(told).toEqual([]);
    // What is gone is written again.
    rmSync(join(out, "model"), { recursive: true });
    rmSync(join(out, "2-output/model"), { recursive: true });
    await run({ out, told });
    expect(told.join(" ")).toBe("start output close save");
    expect(weightsIn(out).equals(before)).toBe(true);
  });

  test("a training that is finished may go on for longer, before another went on from it", async () => {
    const [longer, atOnce] = [temporaryDirectory(), temporaryDirectory()];
    const more = configWith({ epochs: 5 });
    await run({ out: longer }, true);
    expect((await run({ out: longer, config: more }, true)).step).toBe(15);
    await run({ out: atOnce, config: more }, true);
    expect(weightsIn(longer).equals(weightsIn(atOnce))).toBe(true);
    const out = temporaryDirectory();
    await run({ out });
    await expect(run({ out, config: more })).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: `${join(out, "1-whole")} was begun with another config: training.epochs was 3, now it is 5; resume with the same, or train into another folder by --out`,
    });
  });
});

describe("a folder", () => {
  const content = { words: contentHash(["ab"]) };
  test.each<[string, Partial<Given>, string]>([
    ["other content", { origin: { content, config: { size: 1 } } }, "different words;"],
    [
      "another config",
      { origin: { content: { words: contentHash(["a", "b"]) }, config: { size: 2 } } },
      "another config: size was 1, now it is 2;",
    ],
  ])("that was begun with %s is refused", async (_, changes, message) => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 })).rejects.toMatchObject(stopped(out));
    await expect(run({ out, ...changes })).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining(`${join(out, "1-whole")} was begun with ${message}`),
    });
    await run({ out });
  });

  test("whose training is under way: how it may change the trainer says", async () => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 })).rejects.toMatchObject(stopped(out));
    await expect(run({ out, config: configWith({ clipNorm: 1 }) })).rejects.toThrow(
      "1-whole/latest.safetensors was made with another config: clipNorm was absent, now it is 1",
    );
    const { step } = await run({ out, config: configWith({ epochs: 4, logEvery: 2 }) });
    expect(step).toBe(12 + 9);
  });

  test.each([true, false])("that holds a training is kept without resume", async (plain) => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 }, plain)).rejects.toMatchObject(stopped(out));
    const refused = {
      code: "BAD_ARGUMENT",
      message: `${out} already holds a training; go on with it by --resume, or train into another folder by --out`,
    };
    await expect(run({ out, resume: false }, plain)).rejects.toMatchObject(refused);
    await expect(requireUntaken(out, undefined)).rejects.toMatchObject(refused);
    await requireUntaken(out, true);
  });

  test("in which nothing was trained takes any training", async () => {
    const out = temporaryDirectory();
    const start = () => Promise.reject(new AttendError("BAD_DATA", "too few words"));
    const toy = createToy();
    const broken = plainStage(toy, { start });
    await expect(run({ out, stages: [broken] })).rejects.toThrow("too few words");
    toy.module.dispose();
    const origin = { content: {}, config: {} };
    await run({ out, origin, resume: false }, true);
  });

  test("takes one training at a time", async () => {
    const out = temporaryDirectory();
    let first: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      first = run({ out, onEvent: ({ type }) => type === "start" && resolve() });
    });
    await expect(run({ out })).rejects.toThrow(
      `another training is writing into ${out} (process ${process.pid})`,
    );
    await first;
    expect(existsSync(join(out, "training.lock"))).toBe(false);
    await run({ out }); // The folder is free.
  });
});

test("a validation that is interrupted loses no update, and is made up for", async () => {
  const [whole, out] = [temporaryDirectory(), temporaryDirectory()];
  await run({ out: whole }, true);
  const toy = createToy({ count: 24 });
  const interrupted = async () => {
    throw new AttendError("INTERRUPTED", "stopped after 2 of 24 examples");
  };
  const start = () => ({ task: toy, validate: interrupted });
  await expect(run({ out, stages: [plainStage(toy, { start })] })).rejects.toMatchObject(
    stopped(out),
  );
  toy.module.dispose();
  const steps: number[] = [];
  const onEvent = (event: RunEvent) => void (event.type === "start" && steps.push(event.step));
  await run({ out, onEvent }, true);
  expect(steps).toEqual([3]);
  expect(weightsIn(out).equals(weightsIn(whole))).toBe(true);
});

test("a training without a stage, or whose metric is never a number, is told", async () => {
  const out = temporaryDirectory();
  await expect(run({ out, stages: [] })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  const toy = createToy({ count: 24 });
  const validate = async () => ({ accuracy: Number.NaN, loss: Number.NaN });
  const start = () => ({ task: toy, validate });
  await expect(run({ out, stages: [plainStage(toy, { start })] })).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringContaining("no validation gave a number for accuracy"),
  });
});
