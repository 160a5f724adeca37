import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeArguments } from "@attend/runtime/program";

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
  /** Starts it in this many processes, with {@link mpirun}. */
  readonly processes?: number;
}

/** `mpirun` on this machine alone, also as a container's root. Processes that wait for others leave the processor to them. */
export const mpirun: readonly string[] = [
  ...["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"],
  ...["--mca", "btl", "self,vader,tcp", "--mca", "btl_tcp_if_include", "lo"],
  ...["--mca", "oob_tcp_if_include", "lo", "--mca", "mpi_yield_when_idle", "1"],
];

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

/**
 * Sends `signal` as soon as the file `log` has `lines` lines; fails if the program ends earlier.
 *
 * @param receiver the process that receives it; default: the program, or `mpirun`
 */
export async function runProgramUntil(
  program: string,
  args: readonly string[],
  {
    log,
    lines,
    signal,
    receiver = (started) => started,
    ...options
  }: ProgramOptions & {
    readonly log: string;
    readonly lines: number;
    readonly signal: NodeJS.Signals;
    readonly receiver?: (started: number) => number;
  },
): Promise<ProgramOutcome> {
  const child = start(program, args, options);
  const outcome = outcomeOf(child);
  while (child.exitCode === null && lineCount(log) < lines) await sleep(2);
  if (child.exitCode !== null || child.pid === undefined) {
    throw new Error(`ended too early: ${(await outcome).stderr}`);
  }
  process.kill(receiver(child.pid), signal);
  return outcome;
}

function start(
  program: string,
  args: readonly string[],
  { cwd, env, processes }: ProgramOptions,
): ChildProcessWithoutNullStreams {
  const several = processes === undefined ? [] : [...mpirun, "-n", `${processes}`];
  const node = [process.execPath, ...nodeArguments(program)];
  const [command = "", ...rest] = [...several, ...node, ...args];
  return spawn(command, rest, {
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
