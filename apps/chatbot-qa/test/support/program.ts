import { join } from "node:path";
import { type ProgramOptions, runProgram } from "@attend/test-kit";

/** Runs `attend-chat` in a separate process. */
export function chat(args: readonly string[], options?: ProgramOptions) {
  return runProgram(join(import.meta.dirname, "../../src/cli.ts"), args, options);
}
