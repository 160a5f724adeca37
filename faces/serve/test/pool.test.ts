import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "@attend/runtime/program";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { runStream } from "../src/events.ts";
import { Pool, type PoolOptions } from "../src/pool/pool.ts";

const program = new URL("program/tiny-worker.ts", import.meta.url);
const limits = { processes: 1, queue: 100, timeoutSeconds: 120, idleSeconds: 120, program };
const outputSchema = z.object({
  said: z.string(),
  name: z.string(),
  pid: z.number(),
  loads: z.number(),
  size: z.number(),
});

let pools: Pool[] = [];
afterEach(async () => {
  for (const pool of pools) await pool.close({ withinSeconds: 0 });
  pools = [];
});

function createPool(options: Partial<PoolOptions> = {}): Pool {
  const pool = new Pool({ ...limits, ...options });
  pools.push(pool);
  return pool;
}

interface Asked {
  readonly does?: string;
  readonly model?: object;
  readonly options?: object;
  readonly signal?: AbortSignal;
}

async function ask(pool: Pool, say: string, asked: Asked = {}) {
  const { does, model = {}, options = {}, signal = new AbortController().signal } = asked;
  const request = { task: "captions", model, options, input: { say, does } } as const;
  return outputSchema.parse(await pool.run(request, { signal }));
}

const wordSchema = z.object({ word: z.string() });
const stream = (pool: Pool, say: string, does?: string, signal = new AbortController().signal) => {
  const request = { task: "chats", model: {}, options: {}, input: { say, does } } as const;
  return runStream(pool, request, { schema: wordSchema, signal });
};

const range = (count: number) => Array.from({ length: count }, (_, i) => String(i));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a batch", () => {
  test("has requests that arrive together, each with its own output", async () => {
    const sizes: number[] = [];
    const pool = createPool({ batchDelay: 50, onJob: (_, size) => sizes.push(size) });
    const outputs = await Promise.all(range(20).map((say) => ask(pool, say)));
    expect(outputs.map(({ said }) => said)).toEqual(range(20));
    expect(sizes).toEqual([16, 4]);
    expect(outputs.map(({ size }) => size)).toEqual([...Array(16).fill(16), ...Array(4).fill(4)]);
  });

  test("has one model and the same options", async () => {
    const sizes: number[] = [];
    const pool = createPool({ batchDelay: 50, onJob: (_, size) => sizes.push(size) });
    const outputs = await Promise.all([
      ask(pool, "a"),
      ask(pool, "b", { options: { loud: true } }),
      ask(pool, "c", { model: { name: "other" } }),
      ask(pool, "d"),
    ]);
    expect(outputs.map(({ said, name }) => `${said} ${name}`)).toEqual([
      "a tiny",
      "B tiny",
      "c other",
      "d tiny",
    ]);
    expect(sizes).toEqual([2, 1, 1]);
  });

  test("goes on after an input that fails", async () => {
    const pool = createPool({ batchDelay: 50 });
    const [first, second, third] = await Promise.allSettled([
      ask(pool, "a"),
      ask(pool, "b", { does: "fail" }),
      ask(pool, "c"),
    ]);
    expect(first).toMatchObject({ value: { said: "a", size: 3 } });
    expect(second).toMatchObject({ reason: { code: "BAD_IMAGE", message: "b is no picture" } });
    expect(third).toMatchObject({ value: { said: "c" } });
  });

  test("fails with its model, and with inputs that do not fit", async () => {
    const pool = createPool();
    await expect(ask(pool, "a", { model: { name: "none" } })).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
    await expect(ask(pool, "a", { does: "dance" })).rejects.toThrow("Invalid option");
    expect(await ask(pool, "b")).toMatchObject({ said: "b" });
  });
});

test("a process ends with the server, even if that was gone before it could hear of it", async () => {
  const args = [...nodeArguments(fileURLToPath(program)), "120"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.disconnect();
  await once(child, "exit");
});

test("a model is loaded before its first input, and what is wrong with it is told", async () => {
  const pool = createPool();
  const { signal } = new AbortController();
  const load = (name: string) =>
    pool.loadModel({ task: "captions", model: { name }, options: {} }, { signal });
  await load("tiny");
  expect(pool.processes.map(({ models }) => models)).toEqual([['captions {"name":"tiny"}']]);
  await expect(load("none")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

test("a request that goes alone is in no batch, and fails no other", async () => {
  const sizes: number[] = [];
  const pool = createPool({ batchDelay: 50, onJob: (_, size) => sizes.push(size) });
  const { signal } = new AbortController();
  const input = { say: "x", does: "crash" };
  const request = { task: "captions", model: {}, options: {}, input, alone: true } as const;
  const alone = [pool.run(request, { signal }), pool.run(request, { signal })];
  const [first, second, third] = await Promise.allSettled([...alone, ask(pool, "a")]);
  expect(first).toMatchObject({ reason: { code: "ENGINE_ENDED" } });
  expect(second).toMatchObject({ reason: { code: "ENGINE_ENDED" } });
  expect(third).toMatchObject({ value: { said: "a" } });
  expect(sizes).toEqual([1, 1, 1]);
});

test("a model is loaded once, and several processes work at a time", async () => {
  const pool = createPool({ processes: 2 });
  const stop = new AbortController();
  const blocked = ask(pool, "a", { does: "wait", signal: stop.signal });
  blocked.catch(() => {});
  await vi.waitFor(() => expect(pool.load.running).toBe(1));
  const [first, second] = [await ask(pool, "b"), await ask(pool, "c")];
  expect([first.loads, second.loads]).toEqual([1, 1]);
  expect(first.pid).toBe(second.pid);
  expect(pool.processes).toHaveLength(2);
  stop.abort();
  await expect(blocked).rejects.toMatchObject({ code: "INTERRUPTED" });
});

describe("a process that dies", () => {
  test("fails its requests with 503, and is replaced", async () => {
    const pool = createPool({ batchDelay: 50 });
    const { pid } = await ask(pool, "before");
    const outcomes = await Promise.allSettled([ask(pool, "a", { does: "crash" }), ask(pool, "b")]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: { status: 503, code: "ENGINE_ENDED", retryAfter: 1 },
      });
    }
    const after = await ask(pool, "after");
    expect(after.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
  });

  test("leaves those that wait, and other processes, alone", async () => {
    const pool = createPool({ batchDelay: 0 });
    const [crashed, waited] = await Promise.allSettled([
      ask(pool, "a", { does: "crash" }),
      ask(pool, "b", { options: { loud: true } }),
    ]);
    expect(crashed).toMatchObject({ reason: { code: "ENGINE_ENDED" } });
    expect(waited).toMatchObject({ value: { said: "B" } });
  });

  test("that cannot start fails what it should do", async () => {
    const pool = createPool({ program: new URL("program/none.ts", import.meta.url) });
    await expect(ask(pool, "a")).rejects.toMatchObject({ status: 503, code: "ENGINE_ENDED" });
    expect(pool.processes).toEqual([]);
  });
});

describe("a request", () => {
  test("is refused while too many wait", async () => {
    const pool = createPool({ queue: 2 });
    const stop = new AbortController();
    const first = ask(pool, "a", { does: "wait", signal: stop.signal });
    first.catch(() => {});
    await vi.waitFor(() => expect(pool.load).toEqual({ waiting: 0, running: 1 }));
    const others = [ask(pool, "b"), ask(pool, "c")];
    await expect(ask(pool, "d")).rejects.toMatchObject({ status: 429, retryAfter: 1 });
    expect(pool.load).toEqual({ waiting: 2, running: 1 });
    stop.abort();
    expect(await Promise.all(others)).toMatchObject([{ said: "b" }, { said: "c" }]);
    expect(pool.load).toEqual({ waiting: 0, running: 0 });
  });

  test("leaves the queue when nobody waits for it anymore", async () => {
    const pool = createPool();
    const [stop, leave] = [new AbortController(), new AbortController()];
    const first = ask(pool, "a", { does: "wait", signal: stop.signal });
    first.catch(() => {});
    await vi.waitFor(() => expect(pool.load.running).toBe(1));
    const second = ask(pool, "b", { does: "crash", signal: leave.signal });
    leave.abort();
    await expect(second).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(pool.load).toEqual({ waiting: 0, running: 1 });
    stop.abort();
    expect(await ask(pool, "c")).toMatchObject({ said: "c" });
  });

  test("is not stopped while another of its batch is wanted", async () => {
    const pool = createPool({ batchDelay: 50 });
    const leave = new AbortController();
    const [left, stayed] = [ask(pool, "a", { signal: leave.signal }), ask(pool, "b")];
    leave.abort();
    await expect(left).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await stayed).toMatchObject({ said: "b" });
  });

  test("that does not stop is ended with its process", async () => {
    const pool = createPool({ graceSeconds: 0.1 });
    const { pid } = await ask(pool, "before");
    for await (const { word } of stream(pool, "one", "hang")) {
      expect(word).toBe("one");
      break;
    }
    expect((await ask(pool, "after")).pid).not.toBe(pid);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  test("has a time limit", async () => {
    const pool = createPool({ timeoutSeconds: 0.2, graceSeconds: 0.1 });
    await expect(ask(pool, "a", { does: "wait" })).rejects.toMatchObject({
      status: 504,
      code: "TIMEOUT",
    });
  });
});

test("closing finishes what was begun, refuses more, and ends the processes", async () => {
  const pool = createPool({ batchDelay: 50 });
  const { pid } = await ask(pool, "before");
  const last = ask(pool, "last");
  const closed = pool.close();
  await expect(ask(pool, "late")).rejects.toMatchObject({ status: 503, code: "ENDING" });
  expect(await last).toMatchObject({ said: "last" });
  await closed;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

test("closing does not wait forever", async () => {
  const pool = createPool();
  const stuck = ask(pool, "a", { does: "wait" });
  stuck.catch(() => {});
  await vi.waitFor(() => expect(pool.load.running).toBe(1));
  await pool.close({ withinSeconds: 0.1 });
  await expect(stuck).rejects.toMatchObject({ status: 503 });
});

test("a process without work drops its model and ends", async () => {
  const pool = createPool({ idleSeconds: 0.2 });
  const { pid } = await ask(pool, "a");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000 });
  expect(pool.processes).toEqual([]);
  expect(await ask(pool, "b")).toMatchObject({ said: "b", loads: 1 });
});

describe("a stream", () => {
  test("tells what happens on the way to its output", async () => {
    const words: string[] = [];
    const events = stream(createPool(), "one two three");
    let next = await events.next();
    for (; !next.done; next = await events.next()) words.push(next.value.word);
    expect(words).toEqual(["one", "two", "three"]);
    expect(next.value).toMatchObject({ said: "one two three" });
  });

  test("fails after what was told", async () => {
    const events = stream(createPool(), "one", "fail");
    expect(await events.next()).toMatchObject({ value: { word: "one" } });
    await expect(events.next()).rejects.toMatchObject({ code: "BAD_DATA" });
  });

  test("stops when nobody reads on", async () => {
    const pool = createPool();
    for await (const { word } of stream(pool, "one two", "wait")) {
      expect(word).toBe("one");
      break;
    }
    await vi.waitFor(() => expect(pool.load.running).toBe(0));
    await wait(0);
    expect(await ask(pool, "next")).toMatchObject({ said: "next" });
  });
});
