import { join } from "node:path";
import { type ProgramOptions, runProgram } from "@attend/test-kit";

/** Runs `attend-interpret` in a separate process. */
export function interpret(args: readonly string[], options?: ProgramOptions) {
  return runProgram(join(import.meta.dirname, "../../src/cli.ts"), args, options);
}
