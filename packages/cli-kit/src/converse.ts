import { createInterface } from "node:readline";
import { AttendError } from "@attend/runtime/errors";
import { writeNote } from "./output.ts";

/**
 * Calls `reply` with each line of stdin until its end or `/quit`. On a terminal there is a prompt, and lines can be
 * edited and recalled. A line whose reply throws an AttendError is reported, and the exit code is then 1 unless
 * someone is typing.
 */
export async function converse(reply: (line: string) => Promise<void>): Promise<void> {
  const isTyped = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: isTyped ? process.stderr : undefined,
    prompt: "? ",
  });
  try {
    if (isTyped) lines.prompt();
    for await (const line of lines) {
      if (line.trim() === "/quit") break;
      try {
        await reply(line);
      } catch (thrown) {
        if (!AttendError.isInstance(thrown)) throw thrown;
        writeNote(`error: ${thrown.message}`);
        if (!isTyped) process.exitCode = 1;
      }
      if (isTyped) lines.prompt();
    }
  } finally {
    lines.close();
  }
}
