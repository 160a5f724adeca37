import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "./cache.ts";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The command and all its child processes are killed after this many milliseconds. */
  readonly timeLimit: number;
  /** Ends the command early; its reason is reported. */
  readonly signal?: AbortSignal;
}

/** The file that receives the output of all commands of a set-up. */
export function logFile(): string {
  return path.join(cacheFolder(), "engine-setup.log");
}

/** Creates the cache folder and an empty log in it. */
export function startLog(): void {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(logFile(), "");
}

/**
 * Runs a command and appends its output to the log.
 *
 * @returns its output
 * @throws an error whose one-line message is the command's error output, or the limit
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeLimit, signal }: CommandOptions,
): Promise<string> {
  log(`\n$ ${command} ${args.join(" ")}\n`);
  // In its own process group, so that its child processes can be killed with it.
  const detached = process.platform !== "win32";
  const child = spawn(command, args, { cwd, env, detached, stdio: ["ignore", "pipe", "pipe"] });

  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      log(text);
    });
  }

  let ended: string | undefined;
  const end = (reason: string) => {
    ended ??= reason;
    if (child.pid === undefined) return;
    try {
      process.kill(detached ? -child.pid : child.pid, "SIGKILL");
    } catch {
      // It has already ended.
    }
  };
  const interrupt = () => {
    end("interrupted");
    process.exit(130);
  };
  const timer = setTimeout(() => end(`timed out after ${timeLimit / 1000} s`), timeLimit);
  const abort = () => end(String(signal?.reason));
  signal?.addEventListener("abort", abort);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    if (ended !== undefined) throw new Error(ended);
    if (code !== 0) throw new Error(errorLine(output) ?? `${command} exited with code ${code}`);
    return output;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/**
 * A log that cannot be written (the disk is full) does not matter: the command itself will fail.
 */
function log(text: string): void {
  try {
    appendFileSync(logFile(), text);
  } catch {}
}

/**
 * The last line that begins like an error, otherwise one that contains one, otherwise the last
 * line.
 */
function errorLine(output: string): string | undefined {
  const lines = output.split("\n").flatMap((line) => line.trim() || []);
  const last = (pattern: RegExp) => lines.findLast((line) => pattern.test(line));
  return last(/^\w*error: /i) ?? last(/\berror: /i) ?? lines.at(-1);
}
