import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "@attend/runtime/program";
import { runProgram as runTypescript } from "@attend/test-kit";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { EngineProcess } from "../src/engine-process.ts";
import { isRunning, untilEnded } from "./support/is-running.ts";

const program = new URL("./support/worker.ts", import.meta.url);
let engine: EngineProcess | undefined;

function start(settings: unknown = { greeting: "hello" }): EngineProcess {
  engine = new EngineProcess({ name: "parrot", program, settings });
  return engine;
}

afterEach(() => engine?.close());

test("the process starts before it is asked, and again if it ends before", async () => {
  const parrot = start();
  const { pid = 0 } = parrot;
  expect(isRunning(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
  await untilEnded(pid);
  await expect(parrot.request({ say: "you" }, z.string())).resolves.toBe("hello you");
});

describe("a request", () => {
  test("is answered, one after the other, in one process", async () => {
    const parrot = start();
    const answers = await Promise.all([
      parrot.request({ say: "you" }, z.string()),
      parrot.request({ double: Float32Array.of(1, -0.5) }, z.instanceof(Float32Array)),
    ]);
    const pid = parrot.pid;
    expect(answers).toEqual(["hello you", Float32Array.of(2, -1)]);
    await parrot.request({ say: "again" }, z.string());
    expect(parrot.pid).toBe(pid);
  });

  test("leaves no listener on its signal", async () => {
    const parrot = start();
    const { signal } = new AbortController();
    await parrot.request({ say: "you" }, z.string(), signal);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("fails with what the engine reports", async () => {
    const parrot = start();
    await expect(parrot.request({ fail: "no\nvoice" }, z.string())).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: "parrot failed: no voice; try again, or use another engine",
    });
    await expect(parrot.request({ say: "you" }, z.string())).resolves.toBe("hello you");
  });

  test("fails if the engine cannot be loaded", async () => {
    const parrot = start({ greeting: "hello", broken: true });
    await expect(parrot.request({ say: "you" }, z.string())).rejects.toThrow(
      "parrot failed: the model file is damaged",
    );
  });

  test("fails if the process dies; the next one starts another process", async () => {
    const parrot = start();
    await expect(parrot.request({ die: true }, z.string())).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: "parrot failed: its process was ended by SIGKILL; try again, or use another engine",
    });
    await expect(parrot.request({ say: "you" }, z.string())).resolves.toBe("hello you");
  });

  test("kills the process if its signal is aborted", async () => {
    const parrot = start();
    await parrot.request({ say: "you" }, z.string());
    const { pid = 0 } = parrot;
    const abort = new AbortController();
    const hanging = parrot.request({ hang: true }, z.string(), abort.signal);
    setTimeout(() => abort.abort(), 20);
    await expect(hanging).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(isRunning(pid)).toBe(false);
    const late = parrot.request({ say: "you" }, z.string(), abort.signal);
    await expect(late).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

describe("close", () => {
  test("kills the process, and refuses what follows", async () => {
    const parrot = start();
    await parrot.request({ say: "you" }, z.string());
    const { pid = 0 } = parrot;
    const hanging = parrot.request({ hang: true }, z.string());
    const waiting = parrot.request({ say: "you" }, z.string());
    const outcomes = Promise.allSettled([hanging, waiting]);
    await parrot.close();
    expect(isRunning(pid)).toBe(false);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "BAD_ARGUMENT" } });
    }
    await parrot.close();
  });

  test("comes with the end of this process", async () => {
    const parent = fileURLToPath(new URL("./support/parent.ts", import.meta.url));
    const { stdout, code } = await runTypescript(parent, ["exit"]);
    expect(code).toBe(0);
    await untilEnded(Number(stdout));
  });

  test("comes with the death of this process", async () => {
    const parent = fileURLToPath(new URL("./support/parent.ts", import.meta.url));
    const child = spawn(process.execPath, nodeArguments(parent), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = await once(child.stdout, "data");
    const pid = Number(chunk.toString());
    expect(isRunning(pid)).toBe(true);
    child.kill("SIGKILL");
    await untilEnded(pid);
  });
});
