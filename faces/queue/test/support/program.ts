import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "@attend/runtime/program";
import { type ProgramOutcome, runProgram } from "@attend/test-kit";

const program = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** Runs `attend-queue` with a queue, in a process of its own. */
export function attendQueue(queue: string, ...args: string[]): Promise<ProgramOutcome> {
  return runProgram(program, args, { env: { ATTEND_QUEUE: queue } });
}

/** The same with a list on stdin. */
export function attendQueueWith(
  stdin: string,
  queue: string,
  ...args: string[]
): Promise<ProgramOutcome> {
  return runProgram(program, args, { stdin, env: { ATTEND_QUEUE: queue } });
}

/** Runs `attend-queue` within another program, such as `ip netns exec name`. */
export async function runWithin(
  within: readonly string[],
  queue: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = start(within, queue, args);
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { code, stdout };
}

/** `attend-queue work` that runs until it is ended. */
export interface WorkerProcess {
  /** Ends it without a warning, and its engine with it. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does. @returns what it wrote */
  stop(): Promise<string>;
}

/** Starts a worker. @param within a program that runs it, such as `ip netns exec name` */
export function startWorkerProcess(
  queue: string,
  args: readonly string[] = [],
  { within = [] }: { within?: readonly string[] } = {},
): WorkerProcess {
  const child = start(within, queue, ["work", ...args]);
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      written += piece;
    });
  }
  const exited = once(child, "exit");
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
    return written;
  };
  return {
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGINT"),
  };
}

function start(
  within: readonly string[],
  queue: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  const node = [process.execPath, ...nodeArguments(program)];
  const [command = "", ...rest] = [...within, ...node, ...args];
  return spawn(command, rest, {
    env: { ...process.env, ATTEND_QUEUE: queue, TF_NUM_INTRAOP_THREADS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The objects of a file of JSON Lines. */
export function readJsonLines(file: string): Record<string, unknown>[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The same, one after the other, of a file of any length. */
export async function* readLinesOf(file: string): AsyncGenerator<Record<string, unknown>> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    yield JSON.parse(line);
  }
}
