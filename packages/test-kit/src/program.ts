import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** How a program ended. */
export interface ProgramOutcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Null if a signal ended it. */
  readonly code: number | null;
}

export interface ProgramOptions {
  readonly stdin?: string | Buffer;
  readonly cwd?: string;
  /** Added to the test's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a TypeScript program in a separate process, on the engine of this test.
 *
 * @param program its file, such as `src/cli.ts`
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramOutcome> {
  return outcomeOf(start(program, args, options), options.stdin);
}

/** Sends `signal` as soon as the file `log` has `lines` lines; fails if the program ends earlier. */
export async function runProgramUntil(
  program: string,
  args: readonly string[],
  { log, lines, signal }: { log: string; lines: number; signal: NodeJS.Signals },
): Promise<ProgramOutcome> {
  const child = start(program, args, {});
  const outcome = outcomeOf(child);
  while (child.exitCode === null && lineCount(log) < lines) await sleep(2);
  if (!child.kill(signal)) throw new Error(`ended too early: ${(await outcome).stderr}`);
  return outcome;
}

function start(
  program: string,
  args: readonly string[],
  { cwd, env }: ProgramOptions,
): ChildProcessWithoutNullStreams {
  const typescript = new URL("../../../scripts/typescript.mjs", import.meta.url).href;
  const flags = ["--conditions=@attend/source", "--import", typescript, program];
  return spawn(process.execPath, [...flags, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
}

async function outcomeOf(
  child: ChildProcessWithoutNullStreams,
  stdin: string | Buffer = "",
): Promise<ProgramOutcome> {
  child.stdin.on("error", () => {}).end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}

function lineCount(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}
