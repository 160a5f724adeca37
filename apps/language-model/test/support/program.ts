import { join } from "node:path";
import { type ProgramOptions, runProgram, runProgramUntil } from "@attend/test-kit";

const cli = join(import.meta.dirname, "../../src/cli.ts");

/** Runs `language-model` in a separate process. */
export function languageModel(args: readonly string[], options?: ProgramOptions) {
  return runProgram(cli, args, options);
}

/** Runs it until its log has a number of lines. */
export function languageModelUntil(
  args: readonly string[],
  until: Parameters<typeof runProgramUntil>[2],
) {
  return runProgramUntil(cli, args, until);
}
