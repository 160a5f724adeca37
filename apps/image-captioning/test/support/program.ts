import { join } from "node:path";
import {
  type ProgramOptions,
  type ProgramOutcome,
  runProgram,
  runProgramUntil,
} from "@attend/test-kit";

export type Outcome = ProgramOutcome;

const cli = join(import.meta.dirname, "../../src/cli.ts");

/** Runs `caption` as a process of its own, on the engine of this test. */
export function caption(args: readonly string[], options?: ProgramOptions): Promise<Outcome> {
  return runProgram(cli, args, options);
}

/** Sends `signal` as soon as the training has logged `lines` lines in `log`; fails if it ends before. */
export function captionUntil(
  args: readonly string[],
  until: { log: string; lines: number; signal: NodeJS.Signals },
): Promise<Outcome> {
  return runProgramUntil(cli, args, until);
}
