import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../errors.ts";

/** Loads tfjs-node's addon, prints the version of its libtensorflow, then loads the other addons. */
const script = `
  const [, engine, ...others] = process.argv;
  console.log(require(engine).TF_Version);
  for (const other of others) require(other);`;

/**
 * Loads tfjs-node's native addon, and others after it, in a process of its own, so that a broken one
 * harms nobody.
 *
 * @returns the version of the libtensorflow behind it.
 * @throws an error whose message is the one line that says why it does not load.
 */
export async function loadAddon(engine: string, ...others: string[]): Promise<string> {
  try {
    const env = { ...process.env, NODE_OPTIONS: "" };
    const options = { timeout: 60_000, env };
    const args = ["-e", script, engine, ...others];
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return stdout.trim();
  } catch (error) {
    const lines = messageOf(error).split("\n");
    const cause = lines.find((line) => line.startsWith("Error: ")) ?? lines[0] ?? "";
    throw new Error(cause.replace("Error: ", ""), { cause: error });
  }
}
