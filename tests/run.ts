import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { text } from "node:stream/consumers";

/** The outcome of a process. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Null if a signal ended it. */
  readonly code: number | null;
}

/** Runs a command with an empty stdin, and without colors. */
export async function run(
  command: string,
  args: readonly string[],
  { env = process.env, ...options }: SpawnOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    ...options,
    env: { ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}

/** How to call pnpm: the one that runs these tests, if any, or the registry's. */
export function pnpmCommand(): [string, ...string[]] {
  const running = process.env["npm_execpath"] ?? "";
  return /^pnpm\.c?js$/.test(basename(running))
    ? [process.execPath, running]
    : ["npx", "-y", "pnpm@10"];
}

/** The environment without pnpm's variables, as if pnpm did not run these tests. */
export function outsidePnpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|INIT_CWD$)/i.test(name)),
  );
}
