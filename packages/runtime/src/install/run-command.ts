import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "./cache.ts";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After this many milliseconds the command and all it started are ended. */
  readonly timeLimit: number;
  /** Ends the command early; its reason is reported. */
  readonly signal?: AbortSignal;
}

/** Where the output of all commands of a set-up goes. */
export function logFile(): string {
  return path.join(cacheFolder(), "engine-setup.log");
}

/** Makes the cache folder and an empty log in it. */
export function startLog(): void {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(logFile(), "");
}

/**
 * Runs a command, appends its output to the log.
 *
 * @returns its output.
 * @throws an error whose message is one line: what the command printed as its error, or the limit.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeLimit, signal }: CommandOptions,
): Promise<string> {
  log(`\n$ ${command} ${args.join(" ")}\n`);
  // A group of its own, so that what it starts can be ended with it.
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
      // It has ended by itself.
    }
  };
  const interrupt = () => {
    end("interrupted");
    process.exit(130);
  };
  const timer = setTimeout(() => end(`not done after ${timeLimit / 1000} s`), timeLimit);
  const abort = () => end(String(signal?.reason));
  signal?.addEventListener("abort", abort);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    if (ended !== undefined) throw new Error(ended);
    if (code !== 0) throw new Error(errorLine(output) ?? `${command} ended with code ${code}`);
    return output;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** A log that cannot be written (the disk is full) is no reason to fail: the command itself will tell. */
function log(text: string): void {
  try {
    appendFileSync(logFile(), text);
  } catch {}
}

/** The last line that begins as an error does, else one that contains one, else the last. */
function errorLine(output: string): string | undefined {
  const lines = output.split("\n").flatMap((line) => line.trim() || []);
  const last = (pattern: RegExp) => lines.findLast((line) => pattern.test(line));
  return last(/^\w*error: /i) ?? last(/\berror: /i) ?? lines.at(-1);
}
