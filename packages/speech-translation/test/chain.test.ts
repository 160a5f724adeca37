import { spawn } from "node:child_process";
import { once } from "node:events";
import { AttendError } from "@attend/runtime/errors";
import { afterEach, expect, test, vi } from "vitest";
import { chainOf } from "../src/chain.ts";
import { type Stage, stageOf } from "../src/stage.ts";

const close = async () => {};

afterEach(() => vi.useRealTimers());

function upperCase(): Stage<string, string, "upper"> {
  return stageOf({ name: "upper", convert: async (text: string) => text.toUpperCase(), close });
}

function length(): Stage<string, number, "length"> {
  return stageOf({
    name: "length",
    convert: async (text: string) => text.length,
    confidence: (length) => 1 / length,
    close,
  });
}

/** Yields each word of its inputs. */
function words(): Stage<string, string, "words"> {
  return {
    name: "words",
    async *run(texts) {
      for await (const text of texts) yield* text.split(" ");
    },
    close,
  };
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

test("stages compose if their types meet", () => {
  chainOf(words()).pipe(upperCase()).pipe(length());
  // @ts-expect-error a length is a number, but upperCase reads strings
  chainOf(length()).pipe(upperCase());
  const narrow = stageOf({ name: "narrow", convert: async (mark: "." | "!") => mark, close });
  // @ts-expect-error not every string is a mark
  chainOf(words()).pipe(narrow);
});

test("run returns the outputs and what each stage did", async () => {
  const chain = chainOf(words()).pipe(upperCase()).pipe(length());
  const { outputs, report } = await chain.run(["a man", "runs"]);
  expect(outputs).toEqual([1, 3, 4]);
  const seconds = expect.any(Number);
  expect(report).toEqual([
    { stage: "words", outputs: 3, seconds },
    { stage: "upper", outputs: 3, seconds },
    { stage: "length", outputs: 3, seconds, confidence: (1 + 1 / 3 + 1 / 4) / 3 },
  ]);
});

test("stream reports each output of each stage with its type", async () => {
  const steps: string[] = [];
  const outputs = chainOf(upperCase())
    .pipe(length())
    .stream(["a", "bc"], {
      onStep(step) {
        // The stage's name determines the type of the output.
        if (step.stage === "upper") steps.push(step.output.toLowerCase());
        else steps.push(`${step.output.toFixed(0)} (${step.confidence})`);
        expect(step.seconds).toBeGreaterThanOrEqual(0);
      },
    });
  expect(await collect(outputs)).toEqual([1, 2]);
  expect(steps.sort()).toEqual(["1 (1)", "2 (0.5)", "a", "bc"]);
});

test("while one output is read the next ones are computed, one ahead of each stage", async () => {
  const begun: string[] = [];
  const slow = (name: string) =>
    stageOf({
      name,
      async convert(value: number) {
        begun.push(`${name}${value}`);
        return value;
      },
      close,
    });
  const chain = chainOf(slow("a")).pipe(slow("b"));
  const outputs = chain.stream([1, 2, 3, 4, 5, 6]);
  await outputs.next();
  await settle();
  // The reader has 1; b waits for the reader before it takes 2; a has computed 2, and waits for b to take it.
  expect(begun).toEqual(expect.arrayContaining(["a1", "b1", "a2"]));
  expect(begun).not.toContain("a4");
  expect(await collect(outputs)).toEqual([2, 3, 4, 5, 6]);
});

test("a batch runs one stage at a time", async () => {
  let working = 0;
  const stage = (name: string) =>
    stageOf({
      name,
      async convert(value: number) {
        expect(++working).toBe(1);
        await settle();
        working--;
        return value;
      },
      close,
    });
  const { outputs } = await chainOf(stage("a")).pipe(stage("b")).run([1, 2, 3]);
  expect(outputs).toEqual([1, 2, 3]);
});

test("the time that a stage waits for its inputs is not its own", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const wait = stageOf({
    name: "wait",
    async convert(value: number) {
      vi.advanceTimersByTime(250);
      return value;
    },
    close,
  });
  const pass = stageOf({ name: "pass", convert: async (value: number) => value, close });
  const { report } = await chainOf(wait).pipe(pass).run([1, 2]);
  expect(report).toMatchObject([{ seconds: 0.5 }, { seconds: 0 }]);
});

test("an error comes after the outputs before it, and stops the other stages", async () => {
  const stopped: string[] = [];
  const endless: Stage<number, number, "endless"> = {
    name: "endless",
    async *run(values, { signal }) {
      signal.addEventListener("abort", () => stopped.push("aborted"));
      try {
        for await (const value of values) yield value;
        // Sound that never ends: only the signal ends it.
        await once(signal, "abort");
      } finally {
        stopped.push("left");
      }
    },
    close,
  };
  const failing = stageOf({
    name: "failing",
    async convert(value: number) {
      if (value === 2) throw new AttendError("BAD_DATA", "the engine died");
      return value;
    },
    close,
  });
  const outputs: number[] = [];
  const read = async () => {
    for await (const value of chainOf(endless).pipe(failing).stream([1, 2, 3])) outputs.push(value);
  };
  await expect(read()).rejects.toThrow("the engine died");
  expect(outputs).toEqual([1]);
  expect(stopped).toContain("aborted");
  expect(stopped).toContain("left");
});

test("an abort ends a chain that waits for its source", async () => {
  const abort = new AbortController();
  async function* silence() {
    yield "a";
    await new Promise(() => {});
  }
  const outputs = chainOf(upperCase()).pipe(length()).stream(silence(), { signal: abort.signal });
  expect(await outputs.next()).toEqual({ done: false, value: 1 });
  const next = outputs.next();
  abort.abort();
  await expect(next).rejects.toMatchObject({ code: "INTERRUPTED" });
  const batch = chainOf(length()).run(["a"], { signal: abort.signal });
  await expect(batch).rejects.toMatchObject({ code: "INTERRUPTED" });
});

test("leaving the loop ends the source", async () => {
  let isLeft = false;
  async function* numbers() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      isLeft = true;
    }
  }
  const pass = stageOf({ name: "pass", convert: async (value: number) => value, close });
  for await (const value of chainOf(pass).stream(numbers())) {
    if (value === 3) break;
  }
  await settle();
  expect(isLeft).toBe(true);
});

test("close closes every stage, the last one first, also if one fails", async () => {
  const closed: string[] = [];
  const stage = (name: string, failure?: string) =>
    stageOf({
      name,
      convert: async (value: number) => value,
      async close() {
        closed.push(name);
        if (failure !== undefined) throw new Error(failure);
      },
    });
  const chain = chainOf(stage("a")).pipe(stage("b", "first")).pipe(stage("c", "second"));
  await expect(chain.close()).rejects.toThrow("second");
  expect(closed).toEqual(["c", "b", "a"]);
});

test.each(["stopped", "failing"])("no process is left when a chain is %s", async (how) => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const engine = stageOf({
    name: "engine",
    convert: async (value: number) => value,
    async close() {
      child.kill();
      await once(child, "exit");
    },
  });
  const failing = stageOf({
    name: "failing",
    async convert(value: number) {
      if (how === "failing") throw new Error("broken");
      return value;
    },
    async close() {
      throw new Error("cannot close");
    },
  });
  const chain = chainOf(engine).pipe(failing);
  const abort = new AbortController();
  const read = async () => {
    for await (const _ of chain.stream([1, 2], { signal: abort.signal })) abort.abort();
  };
  await expect(read()).rejects.toThrow(how === "failing" ? "broken" : "its signal was aborted");
  await expect(chain.close()).rejects.toThrow("cannot close");
  expect(child.exitCode ?? child.signalCode).not.toBe(null);
});

/** Lets everything run that can. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
