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
  requireFreeFolder,
  runTraining,
  type Stage,
  type TrainingConfigInput,
} from "../src/index.ts";
import { groupOf } from "./support/group.ts";
import { createToy, type Toy } from "./support/toy.ts";

useEngine();

const keepBest = { metric: "accuracy", mode: "max", tie: { metric: "loss", mode: "min" } } as const;

function configWith(changes: Partial<TrainingConfigInput> = {}): Stage["config"] {
  const given = { epochs: 3, optimizer: { name: "adam", learningRate: 5e-3 }, ...changes };
  const config = parseTrainingConfig({ ema: { decay: 0.8 }, keepBest, ...given }, "test");
  return { ...config, keepBest };
}

interface Setup extends Partial<RunOptions> {
  readonly out: string;
  /** Interrupts the training after this many updates and validations. */
  readonly until?: number;
  /** Of the first stage. */
  readonly config?: Stage["config"];
  /** Records the calls of the stages and of `save`. */
  readonly calls?: string[];
}

/** Trains the entire classifier. */
const plainStage = (toy: Toy, changes: Partial<Stage> = {}): Stage => ({
  module: toy.module,
  config: configWith(),
  start: () => ({ task: toy, validate: () => toy.validate() }),
  ...changes,
});

/** Trains the entire classifier, then only its last layer. */
function twoStages(toy: Toy, { config = configWith(), calls = [] }: Setup): Stage[] {
  const named = (name: string): Partial<Stage> => ({
    name,
    start() {
      calls.push(`start ${name}`);
      return { task: toy, validate: () => toy.validate(), close: () => void calls.push("close") };
    },
  });
  return [
    plainStage(toy, { ...named("whole"), config }),
    plainStage(toy, { ...named("output"), module: toy.module.output, settings: { layers: 1 } }),
  ];
}

async function run(setup: Setup, plain = false) {
  const { out, until, calls, config = configWith(), ...rest } = setup;
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
      stages: plain ? [plainStage(toy, { config })] : twoStages(toy, setup),
      async save(folder) {
        calls?.push("save");
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
  message: `stopped; run the same command with --resume to continue ${out}`,
});

test("a plain training writes directly into its folder", async () => {
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
  test("each write a folder with a model, and the last one's is the training's", async () => {
    const out = temporaryDirectory();
    const [events, calls]: [RunEvent[], string[]] = [[], []];
    const onEvent = (event: RunEvent) => events.push(event);
    const { step, seconds, stages } = await run({ out, calls, onEvent });
    expect(readdirSync(out).sort()).toEqual(["1-whole", "2-output", "model"]);
    expect(weightsIn(out).equals(weightsIn(join(out, "2-output")))).toBe(true);
    expect(weightsIn(out).equals(weightsIn(join(out, "1-whole")))).toBe(false);
    for (const folder of ["1-whole", "2-output"]) {
      expect(existsSync(join(out, folder, "curves.png"))).toBe(true);
    }
    expect(calls.join(" ")).toBe("start whole close save start output close save");
    expect(events.filter(({ type }) => type === "stage")).toEqual([
      { type: "stage", name: "whole", number: 1, stages: 2 },
      { type: "stage", name: "output", number: 2, stages: 2 },
    ]);
    expect(stages.map((stage) => stage.step)).toEqual([9, 9]);
    expect(step).toBe(18);
    expect(seconds).toBeCloseTo((stages[0]?.seconds ?? 0) + (stages[1]?.seconds ?? 0));
  });

  test("are trained by two processes together, of which the first one writes", async () => {
    const out = temporaryDirectory();
    const calls: [string[], string[]] = [[], []];
    const [first, second] = await Promise.all(
      groupOf(2).map((group) => run({ out, group, calls: calls[group.rank] ?? [] })),
    );
    expect(second).toEqual(first);
    expect(first?.stages.map(({ step }) => step)).toEqual([6, 6]);
    expect(calls[0].join(" ")).toBe("start whole close save start output close save");
    expect(calls[1].join(" ")).toBe("start whole close start output close");
    expect(await run({ out })).toEqual(first);
  });

  test("stopped after each update and validation end with exactly the same weights", async () => {
    const [uninterrupted, out] = [temporaryDirectory(), temporaryDirectory()];
    await run({ out: uninterrupted });
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
      expect(weightsIn(join(out, folder)).equals(weightsIn(join(uninterrupted, folder)))).toBe(
        true,
      );
    }
  });

  test("that are finished are not started again, and return their results", async () => {
    const out = temporaryDirectory();
    const first = await run({ out });
    const before = weightsIn(out);
    const calls: string[] = [];
    expect(await run({ out, calls })).toEqual(first);
    expect(calls).toEqual([]);
    // Missing models are written again.
    rmSync(join(out, "model"), { recursive: true });
    rmSync(join(out, "2-output/model"), { recursive: true });
    await run({ out, calls });
    expect(calls.join(" ")).toBe("start output close save");
    expect(weightsIn(out).equals(before)).toBe(true);
  });

  test("that are finished may continue for longer, unless the next one has started", async () => {
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
      message: `${join(out, "1-whole")} was started with a different config: training.epochs was 3, now it is 5; resume with the same, or train into another folder with --out`,
    });
  });
});

describe("a folder", () => {
  const content = { words: contentHash(["ab"]) };
  test.each<[string, Partial<Setup>, string]>([
    ["different content", { origin: { content, config: { size: 1 } } }, "different words;"],
    [
      "a different config",
      { origin: { content: { words: contentHash(["a", "b"]) }, config: { size: 2 } } },
      "a different config: size was 1, now it is 2;",
    ],
  ])("that was started with %s is rejected", async (_, changes, message) => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 })).rejects.toMatchObject(stopped(out));
    await expect(run({ out, ...changes })).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining(`${join(out, "1-whole")} was started with ${message}`),
    });
    await run({ out });
  });

  test("with an unfinished training: the trainer decides how its config may change", async () => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 })).rejects.toMatchObject(stopped(out));
    await expect(run({ out, config: configWith({ clipNorm: 1 }) })).rejects.toThrow(
      "1-whole/latest.safetensors was written with a different config: clipNorm was absent, now it is 1",
    );
    const { step } = await run({ out, config: configWith({ epochs: 4, logEvery: 2 }) });
    expect(step).toBe(12 + 9);
  });

  test.each([true, false])("that contains a training is rejected without resume", async (plain) => {
    const out = temporaryDirectory();
    await expect(run({ out, until: 1 }, plain)).rejects.toMatchObject(stopped(out));
    const refused = {
      code: "BAD_ARGUMENT",
      message: `${out} already contains a training; continue it with --resume, or train into another folder with --out`,
    };
    await expect(run({ out, resume: false }, plain)).rejects.toMatchObject(refused);
    await expect(requireFreeFolder(out, undefined)).rejects.toMatchObject(refused);
    await requireFreeFolder(out, true);
  });

  test("in which nothing was trained accepts any training", async () => {
    const out = temporaryDirectory();
    const start = () => Promise.reject(new AttendError("BAD_DATA", "too few words"));
    const toy = createToy();
    const broken = plainStage(toy, { start });
    await expect(run({ out, stages: [broken] })).rejects.toThrow("too few words");
    toy.module.dispose();
    const origin = { content: {}, config: {} };
    await run({ out, origin, resume: false }, true);
  });

  test("accepts one training at a time", async () => {
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
    await run({ out }); // the folder is free again
  });
});

test("an interrupted validation loses no update, and is repeated", async () => {
  const [uninterrupted, out] = [temporaryDirectory(), temporaryDirectory()];
  await run({ out: uninterrupted }, true);
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
  expect(weightsIn(out).equals(weightsIn(uninterrupted))).toBe(true);
});

test("reports a training without stages, or whose metric is never a number", async () => {
  const out = temporaryDirectory();
  await expect(run({ out, stages: [] })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  const toy = createToy({ count: 24 });
  const validate = async () => ({ accuracy: Number.NaN, loss: Number.NaN });
  const start = () => ({ task: toy, validate });
  await expect(run({ out, stages: [plainStage(toy, { start })] })).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringContaining("accuracy was not a number in any validation"),
  });
});
