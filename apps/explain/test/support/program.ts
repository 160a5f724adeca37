import { join } from "node:path";
import { type ProgramOptions, runProgram } from "@attend/test-kit";

const cli = join(import.meta.dirname, "../../src/cli.ts");

/** Runs `explain` in a separate process. */
export function explain(args: readonly string[], options?: ProgramOptions) {
  return runProgram(cli, args, options);
}
