import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf } from "../../src/process-identity.ts";
import type { Training, TrainingRequest } from "../../src/schemas/trainings.ts";
import { Trainings, type TrainingsOptions } from "../../src/trainings/trainings.ts";
import { type TrainingEvent, watchTraining } from "../../src/trainings/watch.ts";

let folder: string;
const opened: Trainings[] = [];

function open(options: Partial<TrainingsOptions> = {}): Trainings {
  const trainings = new Trainings({ folder, localPaths: true, ...options });
  opened.push(trainings);
  return trainings;
}

beforeEach(() => {
  folder = join(temporaryDirectory(), "runs");
});

afterEach(async () => {
  for (const trainings of opened.splice(0)) {
    for (const { name } of await trainings.list()) {
      await trainings.stop(name);
      await trainings.delete(name);
    }
    trainings.close();
  }
});

const network = {
  kind: "transformer",
  ...{ size: 16, heads: 2, feedForwardSize: 16, encoderLayers: 1, decoderLayers: 1, dropout: 0 },
};
const words = ["red", "dog", "cat", "sun", "sea", "old", "new", "big"];
const pairs = words.flatMap((a) => words.map((b) => `the ${a} ${b}\tdas ${b} ${a}\n`)).join("");

/** A training of a small translator, which takes as many epochs as it is told. */
function translation(name: string, epochs: number): TrainingRequest {
  const data = join(folder, name, "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "pairs.tsv"), pairs);
  const training = { epochs, optimizer: { name: "adam", learningRate: 0.01 } };
  const config = {
    ...{ model: { network }, vocabulary: { size: 300 }, tokensPerBatch: 200 },
    training: { ...training, schedule: { name: "cosine", warmupSteps: 2 } },
  };
  writeFileSync(join(data, "config.json"), JSON.stringify(config));
  const files = { pairs: "pairs.tsv", config: "config.json" };
  return { kind: "translate", name, data: files, options: { from: "en", to: "de" } };
}

async function until(
  trainings: Trainings,
  name: string,
  isReached: (training: Training) => boolean,
): Promise<Training> {
  for (;;) {
    const training = await trainings.get(name);
    if (isReached(training)) return training;
    if (training.state === "failed") throw new Error(training.message);
    await sleep(50);
  }
}

function processOf(name: string): { pid: number; identity: string } {
  return JSON.parse(readFileSync(join(folder, name, "training.json"), "utf8")).process;
}

const forever = 1_000_000;

test("a training is started, watched and finished", async () => {
  const trainings = open();
  const started = await trainings.start(translation("small", 3));
  expect(started).toMatchObject({ name: "small", kind: "translate", state: "running", step: 0 });
  const events: TrainingEvent[] = [];
  for await (const event of watchTraining(trainings, "small", new AbortController().signal)) {
    events.push(event);
  }
  const of = (name: string) => events.filter(({ event }) => event === name);
  expect(of("step").length).toBeGreaterThan(0);
  const example = {
    input: expect.any(String),
    expected: expect.any(String),
    output: expect.any(String),
  };
  expect(of("validation")[0]?.data).toHaveProperty("examples", expect.arrayContaining([example]));
  expect(events.at(-1)).toMatchObject({ event: "state", data: { state: "finished" } });
  const [finished] = await trainings.list();
  expect(finished?.state).toBe("finished");
  expect(finished?.step).toBe(finished?.steps);
  expect(finished?.metrics).toHaveProperty("bleu");
  expect(existsSync(join(folder, "small/model/config.json"))).toBe(true);
  await expect(trainings.start(translation("small", 3))).rejects.toMatchObject({ status: 409 });
  // There is nothing to continue.
  expect((await trainings.resume("small")).state).toBe("finished");
});

test("one is stopped and resumed, and another server finds it", async () => {
  const trainings = open();
  await trainings.start(translation("long", forever));
  await until(trainings, "long", ({ step }) => step > 2);
  const running = processOf("long");
  const other = open();
  expect(await other.get("long")).toMatchObject({ state: "running" });
  expect((await other.stop("long")).state).toMatch(/^stopp(ing|ed)$/);
  const stopped = await until(other, "long", ({ state }) => state === "stopped");
  expect(identityOf(running.pid)).not.toBe(running.identity);
  expect(existsSync(join(folder, "long/latest.safetensors"))).toBe(true);
  expect((await other.resume("long")).state).toBe("running");
  const resumed = await until(other, "long", ({ step }) => step > stopped.step);
  expect(resumed).toMatchObject({ state: "running" });
  expect(resumed.secondsLeft).toBeGreaterThan(0);
  const message = "training long is running; stop it, then delete it";
  await expect(other.delete("long")).rejects.toMatchObject({ status: 409, message });
  const ending = processOf("long");
  await other.stop("long");
  await other.delete("long");
  expect(identityOf(ending.pid)).not.toBe(ending.identity);
  expect(existsSync(join(folder, "long"))).toBe(false);
  await expect(other.get("long")).rejects.toMatchObject({ status: 404 });
});

test("one runs at a time; the next starts when it has ended, also without the server that knew it", async () => {
  const trainings = open();
  await trainings.start(translation("first", forever));
  expect((await trainings.start(translation("second", forever))).state).toBe("waiting");
  expect((await trainings.start(translation("third", forever))).state).toBe("waiting");
  expect((await trainings.stop("third")).state).toBe("stopped");
  expect((await trainings.list()).map(({ name }) => name)).toEqual(["third", "second", "first"]);
  trainings.close();
  const later = open();
  await until(later, "first", ({ step }) => step > 0);
  // Killed by someone, not by a server.
  process.kill(processOf("first").pid, "SIGKILL");
  await until(later, "second", ({ state }) => state === "running");
  expect((await later.stop("first")).state).toBe("failed");
  expect((await later.get("third")).state).toBe("stopped");
});

test("a killed process whose id another has by now does not run", async () => {
  const trainings = open({ maxRunning: 0 });
  await trainings.start(translation("old", forever));
  const file = join(folder, "old/training.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  const reused = { pid: process.pid, identity: "long ago" };
  writeFileSync(file, JSON.stringify({ ...record, wanted: "running", process: reused }));
  expect((await trainings.get("old")).state).toBe("failed");
  await trainings.delete("old");
});

test("what the program refuses is told", async () => {
  const trainings = open();
  const request = translation("bad", 1);
  await trainings.start({ ...request, options: { from: "en", to: "en" } });
  const state = () => trainings.get("bad");
  while ((await state()).state === "running") await sleep(50);
  expect(await state()).toMatchObject({
    state: "failed",
    message: expect.stringMatching(/^error: --from and --to are both en; use the language/),
  });
});

test("one that cannot be removed is still there, and told", async (context) => {
  if (process.getuid?.() === 0) context.skip("root can remove everything");
  const trainings = open({ maxRunning: 0 });
  await trainings.start(translation("kept", 1));
  const data = join(folder, "kept/data");
  chmodSync(data, 0o500);
  await expect(trainings.delete("kept")).rejects.toMatchObject({
    code: "WRITE_FAILED",
    message: expect.stringMatching(/^cannot remove training kept: .*; let the server write there/),
  });
  expect(await trainings.list()).toMatchObject([{ name: "kept" }]);
  chmodSync(data, 0o700);
});

test("a name that is a path, and a training that is not there, are refused", async () => {
  const trainings = open();
  const request = translation("fine", 1);
  for (const name of ["../out", ".", "a/b", ""]) {
    await expect(trainings.start({ ...request, name })).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
    });
  }
  for (const change of ["stop", "resume", "get", "delete"] as const) {
    await expect(trainings[change]("none")).rejects.toMatchObject({ status: 404 });
  }
  expect(await trainings.list()).toEqual([]);
  // Its data are there.
  await trainings.delete("fine");
  expect(existsSync(join(folder, "fine"))).toBe(false);
});
