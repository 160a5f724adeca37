import { spawn } from "node:child_process";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { interrupted } from "./interrupted.ts";
import { endOf, endWithUs } from "./processes.ts";

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** What to do if there is no such program, in a message. */
  readonly remedy?: string;
}

/**
 * Runs a program to its end; it is killed if `signal` is aborted or this process ends.
 *
 * @returns its standard output
 * @throws AttendError DATA_MISSING if there is no such program; ENGINE_FAILED with the last line of its error output;
 *   INTERRUPTED
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { input = "", cwd, env, signal, remedy = "install it" }: RunOptions = {},
): Promise<Buffer> {
  if (signal?.aborted) throw interrupted();
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    signal,
    killSignal: "SIGKILL",
  });
  endWithUs(child);
  const output: Buffer[] = [];
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  child.stdin.on("error", () => {}).end(input); // A program may end without reading it.
  await new Promise<void>((resolve, reject) => {
    child.once("error", (error) => {
      if (signal?.aborted) return; // `close` follows.
      const missing = systemCodeOf(error) === "ENOENT";
      const code = missing ? "DATA_MISSING" : "ENGINE_FAILED";
      const message = missing ? `the program ${command} is missing; ${remedy}` : error.message;
      reject(new AttendError(code, message, { cause: error }));
    });
    child.once("close", (code, by) => {
      if (signal?.aborted || by === "SIGINT") reject(interrupted());
      else if (code === 0) resolve();
      else reject(new AttendError("ENGINE_FAILED", failureOf(command, errors, endOf(code, by))));
    });
  });
  return Buffer.concat(output);
}

/** With the last line of the error output that looks like an error, or its last line. */
function failureOf(command: string, errors: string, end: string): string {
  const lines = errors.split("\n").flatMap((line) => line.trim() || []);
  const cause = lines.findLast((line) => /\berror\b/i.test(line)) ?? lines.at(-1);
  return `${command} ${end}${cause === undefined ? "" : `: ${cause}`}`;
}
