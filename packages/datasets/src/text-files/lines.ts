import { AttendError } from "@attend/runtime/errors";
import { readUtf8, requireUtf8 } from "./encoding.ts";

/** Limits for untrusted files. */
export interface LineLimits {
  /** Of one file, decompressed. */
  readonly maxBytes: number;
  /** Of a line, in characters (UTF-16 code units). */
  readonly maxLineLength: number;
}

export const defaultLimits: LineLimits = { maxBytes: 2 ** 28, maxLineLength: 2 ** 20 };

const lineFeed = 0x0a;

/**
 * The lines of a text file, UTF-8 or UTF-16, plain or gzip. Only `\n` and `\r\n` end a line: U+2028 and the
 * like occur within sentences, and would break the alignment of files. A byte order mark is removed. Lines
 * come in blocks, because a promise per line would dominate the time.
 *
 * @throws AttendError the errors of `readBytes`; BAD_DATA if it is not text, or, naming the line, if one is
 *   not UTF-8 or too long
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

/** Reads all lines of a small file, see `readLines`. */
export async function readAllLines(file: string): Promise<string[]> {
  const all: string[] = [];
  for await (const lines of readLines(file, defaultLimits)) {
    for (const line of lines) all.push(line);
  }
  return all;
}

function tooLong(file: string, line: number, { maxLineLength }: LineLimits): AttendError {
  const message = `${file} line ${line} is longer than ${maxLineLength.toLocaleString("en")} characters; give a text with one sentence per line`;
  return new AttendError("BAD_DATA", message);
}
