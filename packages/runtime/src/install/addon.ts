import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../errors.ts";

/** Loads an addon and prints the version of its libtensorflow. */
const script = "console.log(require(process.argv[1]).TF_Version)";

/**
 * Loads a native addon in a process of its own, so that a broken one harms nobody.
 *
 * @returns the version of the libtensorflow behind it.
 * @throws an error whose message is the one line that says why it does not load.
 */
export async function loadAddon(addon: string): Promise<string> {
  try {
    const env = { ...process.env, NODE_OPTIONS: "" };
    const options = { timeout: 60_000, env };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, addon], options);
    return stdout.trim();
  } catch (error) {
    const lines = messageOf(error).split("\n");
    const cause = lines.find((line) => line.startsWith("Error: ")) ?? lines[0] ?? "";
    throw new Error(cause.replace("Error: ", ""), { cause: error });
  }
}
