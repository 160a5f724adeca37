import { once } from "node:events";
import { systemCodeOf } from "@attend/runtime/errors";

/** Writes to stdout; resolves once a slow reader has room for more. */
export async function writeText(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

export function writeLine(line: string): Promise<void> {
  return writeText(`${line}\n`);
}

/** Writes one value as a line of JSON Lines to stdout. */
export function writeJsonLine(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/**
 * From now on a closed stdout (`| head -1`) ends the program quietly, and a closed stderr is no
 * reason to stop.
 */
export function survivePipes(): void {
  process.stdout.on("error", (error) => {
    if (systemCodeOf(error) === "EPIPE") process.exit();
    throw error;
  });
  process.stderr.on("error", () => {});
}
