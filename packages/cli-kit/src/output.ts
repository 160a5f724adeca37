import { once } from "node:events";
import { printable, systemCodeOf } from "@attend/runtime/errors";
import { writeError } from "@attend/runtime/files";
import { placeInGroup } from "@attend/runtime/group";

/** Of the processes that `mpirun` has started together, the first one alone writes. */
export const isMuted = placeInGroup().rank > 0;

/** Writes to stdout; resolves once a slow reader has room for more. */
export async function writeText(text: string): Promise<void> {
  if (!isMuted && !process.stdout.write(text)) await once(process.stdout, "drain");
}

/** Writes a line to stdout. */
export function writeLine(line: string): Promise<void> {
  return writeText(`${line}\n`);
}

/** Writes a line to stderr, with control characters escaped. */
export function writeNote(note: string): void {
  if (!isMuted) process.stderr.write(`${printable(note)}\n`);
}

/** Writes one value as a line of JSON Lines to stdout. */
export function writeJsonLine(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/**
 * Makes a closed stdout (`| head -1`) end the program quietly, and a closed stderr harmless. Any other
 * failure of stdout (a full disk) ends it with one line on stderr and exit code 1.
 */
export function survivePipes(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error) => {
    if (systemCodeOf(error) === "EPIPE") process.exit();
    // Immediately, because nothing later could be reported.
    writeNote(`error: ${writeError("the output", error).message}`);
    process.exit(1);
  });
}
