import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended it. */
  readonly code: number | null;
}

/** Runs `caption` as a process of its own, on the engine of this test. */
export async function caption(args: readonly string[]): Promise<Outcome> {
  return startCaption(args).outcome;
}

/** Starts `caption`; it can be sent signals. */
function startCaption(args: readonly string[]): {
  process: ChildProcess;
  outcome: Promise<Outcome>;
} {
  const cli = join(import.meta.dirname, "../../src/cli.ts");
  const flags = ["--conditions=@attend/source", "--import", "tsx", cli];
  const child = spawn(process.execPath, [...flags, ...args], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { process: child, outcome: outcomeOf(child, child.stdout, child.stderr) };
}

async function outcomeOf(child: ChildProcess, out: Readable, error: Readable): Promise<Outcome> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(out),
    text(error),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}

/** Sends `signal` as soon as the training has logged `lines` lines in `log`; fails if it ends before. */
export async function captionUntil(
  args: readonly string[],
  { log, lines, signal }: { log: string; lines: number; signal: NodeJS.Signals },
): Promise<Outcome> {
  const { process: child, outcome } = startCaption(args);
  while (child.exitCode === null && (await lineCount(log)) < lines) await sleep(2);
  if (!child.kill(signal)) throw new Error(`ended before: ${(await outcome).stderr}`);
  return outcome;
}

async function lineCount(file: string): Promise<number> {
  return existsSync(file) ? (await readFile(file, "utf8")).split("\n").length - 1 : 0;
}
