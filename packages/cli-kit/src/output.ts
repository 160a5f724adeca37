import { once } from "node:events";
import { printable, systemCodeOf } from "@attend/runtime/errors";
import { writeError } from "@attend/runtime/files";

/** Writes to stdout; resolves once a slow reader has room for more. */
export async function writeText(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** Writes a line to stdout. */
export function writeLine(line: string): Promise<void> {
  return writeText(`${line}\n`);
}

/** Writes a line to stderr, whatever the names in it hold. */
export function writeNote(note: string): void {
  process.stderr.write(`${printable(note)}\n`);
}

/** Writes one value as a line of JSON Lines to stdout. */
export function writeJsonLine(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/**
 * From now on a closed stdout (`| head -1`) ends the program quietly, and a closed stderr is no
 * reason to stop. A stdout that takes no more otherwise (a full disk) ends it with one line on stderr
 * and exit code 1.
 */
export function survivePipes(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error) => {
    if (systemCodeOf(error) === "EPIPE") process.exit();
    // At once, because nothing could report what is written or thrown from here on.
    writeNote(`error: ${writeError("the output", error).message}`);
    process.exit(1);
  });
}
