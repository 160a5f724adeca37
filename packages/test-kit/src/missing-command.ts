import { spawnSync } from "node:child_process";

/** The first of some commands that is not installed: a reason to skip a test; undefined if all are. */
export function missingCommand(...commands: readonly string[]): string | undefined {
  return commands.find((command) => spawnSync(command, ["--version"]).status !== 0);
}
