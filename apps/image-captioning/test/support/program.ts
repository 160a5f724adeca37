import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { nodeArguments } from "@attend/runtime/program";
import {
  type ProgramOptions,
  type ProgramOutcome,
  runProgram,
  runProgramUntil,
} from "@attend/test-kit";

export type Outcome = ProgramOutcome;

const cli = join(import.meta.dirname, "../../src/cli.ts");

/** Runs `caption` in a separate process, on the engine of this test. */
export function caption(args: readonly string[], options?: ProgramOptions): Promise<Outcome> {
  return runProgram(cli, args, options);
}

/** Sends `signal` as soon as training has logged `lines` lines to `log`; fails if it ends before. */
export function captionUntil(
  args: readonly string[],
  until: { log: string; lines: number; signal: NodeJS.Signals },
): Promise<Outcome> {
  return runProgramUntil(cli, args, until);
}

/** Runs `caption` in bash, for features that only a shell has: `attend-caption evaluate --captions <(cat a.csv)`. */
export async function captionByShell(args: string): Promise<Outcome> {
  const node = [process.execPath, ...nodeArguments(cli)].map((part) => `'${part}'`).join(" ");
  const child = spawn("bash", ["-c", `${node} ${args}`], { cwd: import.meta.dirname });
  child.stdin.end();
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}
