import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../errors.ts";

/** Loads tfjs-node's addon, prints its libtensorflow version, then loads the other addons. */
const script = `
  const [, engine, ...others] = process.argv;
  console.log(require(engine).TF_Version);
  for (const other of others) require(other);`;

/**
 * Loads tfjs-node's native addon, and others after it, in a separate process, so that a broken one
 * cannot crash this process.
 *
 * @returns the version of its libtensorflow
 * @throws an error whose one-line message says why it does not load
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
