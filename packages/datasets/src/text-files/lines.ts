import { AttendError } from "@attend/runtime/errors";
import { readUtf8, requireUtf8 } from "./encoding.ts";

/** What a file may hold that came from somewhere. */
export interface LineLimits {
  /** Of one file, decompressed. */
  readonly maxBytes: number;
  /** Of a line, in characters (UTF-16 code units). */
  readonly maxLineLength: number;
}

export const defaultLimits: LineLimits = { maxBytes: 2 ** 28, maxLineLength: 2 ** 20 };

const lineFeed = 0x0a;

/**
 * The lines of a text file, UTF-8 or UTF-16, plain or gzip. Only `\n` and `\r\n` end one: U+2028 and
 * the like stand within sentences, and aligned files would lose step by them. A byte order mark is left
 * out. They come many at a time, as a promise for each would take longer than all else.
 *
 * @throws AttendError as `readBytes` does; BAD_DATA where it is not text, or, naming the line, where that
 *   is not UTF-8 or too long
 */
export async function* readLines(file: string, limits: LineLimits): AsyncGenerator<string[]> {
  let line = 0;
  const linesOf = (bytes: Buffer): string[] => {
    const lines = requireUtf8(bytes, file, line).split("\n");
    if (line === 0 && lines[0]?.startsWith("\uFEFF")) lines[0] = lines[0].slice(1);
    for (const [index, text] of lines.entries()) {
      if (text.length > limits.maxLineLength) throw tooLong(file, line + index + 1, limits);
      if (text.endsWith("\r")) lines[index] = text.slice(0, -1);
    }
    line += lines.length;
    return lines;
  };
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of readUtf8(file, limits)) {
    const end = piece.lastIndexOf(lineFeed);
    if (end >= 0) {
      yield linesOf(Buffer.concat([...held, piece.subarray(0, end)]));
      held = [];
      heldBytes = 0;
    }
    const rest = piece.subarray(end + 1);
    held.push(rest);
    heldBytes += rest.length;
    // A code unit has at most three bytes.
    if (heldBytes > 3 * limits.maxLineLength) throw tooLong(file, line + 1, limits);
  }
  if (heldBytes > 0) yield linesOf(Buffer.concat(held));
}

/** All lines of a small file; see `readLines`. */
export async function readAllLines(file: string): Promise<string[]> {
  const all: string[] = [];
  for await (const lines of readLines(file, defaultLimits)) {
    for (const line of lines) all.push(line);
  }
  return all;
}

function tooLong(file: string, line: number, { maxLineLength }: LineLimits): AttendError {
  const message = `${file} line ${line} is longer than ${maxLineLength.toLocaleString("en")} characters; is it a text of one sentence a line? Correct it`;
  return new AttendError("BAD_DATA", message);
}
