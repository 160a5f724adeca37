import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadWeights, readSafetensors, writeSafetensors } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { nodeArguments } from "@attend/runtime/program";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { parseTrainingConfig, readLog } from "../src/index.ts";
import { trainingStateSchema } from "../src/state.ts";
import { readCurves } from "./support/read-curves.ts";
import { resumable } from "./support/resumable.ts";
import { createToy, fit } from "./support/toy.ts";

useEngine();

/** What must be equal in two trainings: every bit of the tensors; state, log and curves except for times and what was ahead. */
async function outcome(folder: string) {
  const { tensors, metadata } = await readSafetensors(join(folder, "latest.safetensors"));
  const { seconds: _, ...state } = trainingStateSchema.parse(JSON.parse(metadata["state"] ?? ""));
  const log = (await readLog(join(folder, "log.jsonl"))).map((entry) => ({
    ...entry,
    itemsPerSecond: 0,
    totalSteps: 0,
    secondsLeft: 0,
  }));
  const bytes = [...tensors].map(([name, { data }]) => [
    name,
    Buffer.from(data.buffer).toString("hex"),
  ]);
  const best = readFileSync(join(folder, "best.safetensors")).toString("hex");
  const { "train/itemsPerSecond": __, ...curves } = readCurves(join(folder, "tensorboard"));
  return { bytes: Object.fromEntries(bytes), state, log, curves, best };
}

async function trainToy(
  out: string,
  options: { config?: typeof resumable; until?: number; resume?: boolean } = {},
) {
  const toy = createToy();
  const controller = new AbortController();
  try {
    return await fit(toy, options.config ?? resumable, {
      out,
      resume: options.resume ?? true,
      signal: controller.signal,
      onEvent({ type, step }) {
        if (type === "step" && step === options.until) controller.abort();
      },
    });
  } finally {
    toy.module.dispose();
  }
}

describe("resume", () => {
  let cached: Awaited<ReturnType<typeof outcome>> | undefined;
  /** The outcome of an uninterrupted training. */
  async function uninterrupted() {
    if (cached === undefined) {
      const folder = temporaryDirectory();
      await trainToy(folder);
      cached = await outcome(folder);
    }
    return cached;
  }

  test("a training killed at random moments ends like an uninterrupted one", async () => {
    const folder = temporaryDirectory();
    const random = createRandom(1);
    for (let kill = 1; kill <= 3; kill++) {
      const steps = 1 + random.integer(10);
      const delay = random.uniform() * 20;
      await runChild(folder, { killAfter: { steps, delay } });
    }
    await runChild(folder);
    expect(await outcome(folder)).toEqual(await uninterrupted());
    expect(readdirSync(folder).sort()).toEqual([
      "best.safetensors",
      "latest.safetensors",
      "log.jsonl",
      "tensorboard",
    ]);
  }, 600_000);

  test("a training interrupted after each of its first steps ends the same, and leaks nothing", async () => {
    const folder = temporaryDirectory();
    await expectNoLeak(async () => {
      for (let step = 1; step <= 8; step++) {
        await expect(trainToy(folder, { until: step })).rejects.toMatchObject({
          code: "INTERRUPTED",
          message: expect.stringMatching(
            new RegExp(`^training stopped after step ${step} of 36; .*resume.*latest.safetensors$`),
          ),
        });
      }
      await trainToy(folder);
    });
    expect(await outcome(folder)).toEqual(await uninterrupted());
  });

  test("a finished training returns its results immediately", async () => {
    const folder = temporaryDirectory();
    const first = await trainToy(folder);
    const again = await trainToy(folder);
    const { metrics: _, ...rest } = first;
    expect(again).toEqual(rest);
  });

  test("best.safetensors loads as weights and validates as recorded", async () => {
    const folder = temporaryDirectory();
    const { best, paths } = await trainToy(folder);
    const toy = createToy();
    await loadWeights(toy.module, paths.best);
    expect((await toy.validate())["accuracy"]).toBeCloseTo(best?.value ?? Number.NaN, 5);
    toy.module.dispose();
  });
});

describe("rejects a checkpoint", () => {
  test.each([
    [
      { optimizer: { name: "adamw", learningRate: 1e-3, weightDecay: 0.05 } },
      "optimizer.learningRate was 0.005, now it is 0.001",
    ],
    [
      { optimizer: { name: "sgd", learningRate: 5e-3 } },
      'optimizer.name was "adamw", now it is "sgd"',
    ],
    [{ ema: undefined }, 'ema was {"decay":0.9,"every":2}, now it is absent'],
    [{ clipNorm: undefined }, "clipNorm was 1, now it is absent"],
    [{ epochs: 13 }, "epochs was 12, now it is 13"],
    [{ seed: 8 }, "seed was 7, now it is 8"],
  ])("of a different config: %o", async (change, difference) => {
    const folder = temporaryDirectory();
    await expect(trainToy(folder, { until: 1 })).rejects.toThrow();
    const config = parseTrainingConfig({ ...resumable, ...change }, "test");
    await expect(trainToy(folder, { config })).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining(
        `latest.safetensors was written with a different config: ${difference}`,
      ),
    });
  });

  test("of another model, naming the parameters", async () => {
    const folder = temporaryDirectory();
    await expect(trainToy(folder, { until: 1 })).rejects.toThrow();
    const path = join(folder, "latest.safetensors");
    const { tensors, metadata } = await readSafetensors(path);
    const renamed: typeof tensors = new Map(
      [...tensors].map(([name, tensor]) => [name.replace("hidden", "first"), tensor]),
    );
    await writeSafetensors(path, renamed, { metadata: { ...metadata } });
    await expect(trainToy(folder)).rejects.toMatchObject({
      code: "BAD_WEIGHTS",
      message: expect.stringContaining("hidden.kernel"),
    });
  });

  test("that is weights only, or a training to keep without resume", async () => {
    const folder = temporaryDirectory();
    const path = join(folder, "latest.safetensors");
    await writeSafetensors(path, new Map());
    const error = { code: "BAD_WEIGHTS", message: expect.stringContaining(path) };
    await expect(trainToy(folder)).rejects.toMatchObject(error);
    await expect(trainToy(folder, { resume: false })).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: expect.stringContaining("already contains a training"),
    });
  });

  test("but not if only the reporting differs", async () => {
    const folder = temporaryDirectory();
    await expect(trainToy(folder, { until: 1 })).rejects.toThrow();
    const config = parseTrainingConfig(
      { ...resumable, logEvery: 5, checkpointEvery: { seconds: 60 } },
      "test",
    );
    expect(await trainToy(folder, { config })).toMatchObject({ stopped: "complete", step: 36 });
  });
});

test("more epochs, without a decaying schedule, continue as if requested from the start", async () => {
  const constant = (epochs: number) =>
    parseTrainingConfig(
      { ...resumable, epochs, schedule: undefined, validateEvery: { epochs: 1 } },
      "test",
    );
  const [longer, atOnce] = [temporaryDirectory(), temporaryDirectory()];
  await trainToy(longer, { config: constant(2) });
  await trainToy(longer, { config: constant(4) });
  await trainToy(atOnce, { config: constant(4) });
  expect(await outcome(longer)).toEqual(await outcome(atOnce));
});

/** Runs the training in a separate process and kills it some time after a number of steps. */
async function runChild(
  folder: string,
  { killAfter }: { killAfter?: { steps: number; delay: number } } = {},
): Promise<void> {
  const script = fileURLToPath(new URL("./support/train-child.ts", import.meta.url));
  const args = [...nodeArguments(script), folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let steps = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("step ") || ++steps !== killAfter?.steps) continue;
    await sleep(killAfter.delay);
    child.kill("SIGKILL");
  }
  const [code, signal] = await ended;
  expect(killAfter === undefined ? code : signal).toBe(killAfter === undefined ? 0 : "SIGKILL");
  expect(existsSync(join(folder, "log.jsonl"))).toBe(true);
}
