import { isUtf8 } from "node:buffer";
import { AttendError } from "@attend/runtime/errors";
import { asUtf8 } from "../captions/encoding.ts";
import { type ByteSource, nameOf, readBytes } from "./file-bytes.ts";

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
 * @throws AttendError as `readBytes` does; BAD_DATA where it is no text, or, naming the line, where that
 *   is not UTF-8 or too long
 */
export async function* readLines(file: string, limits: LineLimits): AsyncGenerator<string[]> {
  let line = 0;
  const linesOf = (bytes: Buffer): string[] => {
    const lines = decode(file, bytes, line).split("\n");
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

/** What files that are often taken for texts begin with. */
const otherFormats = [
  ["PK\u0003\u0004", "a ZIP archive, as .docx and .xlsx files are"],
  ["%PDF-", "a PDF"],
  ["BZh", "compressed by bzip2"],
  ["\u00fd7zXZ", "compressed by xz"],
  ["(\u00b5/\u00fd", "compressed by zstd"],
] as const;

/**
 * The bytes of a text in pieces, as UTF-8 where it is UTF-16, decompressed where it is gzip.
 *
 * @throws AttendError as `readBytes` does; BAD_DATA where it is no text
 */
export function readUtf8(
  source: ByteSource,
  limits: { readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  return asUtf8(textBytes(source, limits), (first) => requireNoZeros(nameOf(source), first));
}

async function* textBytes(
  source: ByteSource,
  limits: { readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of readBytes(source, limits)) {
    const head = Buffer.from(piece.subarray(0, 8)).toString("latin1");
    const [, format] = (isFirst && otherFormats.find(([begin]) => head.startsWith(begin))) || [];
    if (format !== undefined) throw noText(nameOf(source), format);
    isFirst = false;
    yield piece;
  }
}

function requireNoZeros(file: string, first: Uint8Array): void {
  const head = first.subarray(0, 1024);
  const zeros = head.filter((byte) => byte === 0).length;
  if (zeros > head.length / 50) throw noText(file, "a binary file");
}

function noText(file: string, format: string): AttendError {
  const message = `${file} is ${format} and no text; give it as plain text (UTF-8)`;
  return new AttendError("BAD_DATA", message);
}

/** @param before how many lines stand before these */
function decode(file: string, bytes: Buffer, before: number): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let [start, line] = [0, before + 1];
  for (let end = bytes.indexOf("\n"); end >= 0; end = bytes.indexOf("\n", start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    [start, line] = [end + 1, line + 1];
  }
  const message = `${file} line ${line} is not UTF-8; save the file as UTF-8`;
  throw new AttendError("BAD_DATA", message);
}

function tooLong(file: string, line: number, { maxLineLength }: LineLimits): AttendError {
  const message = `${file} line ${line} is longer than ${maxLineLength.toLocaleString("en")} characters; is it a text of one sentence a line? Correct it`;
  return new AttendError("BAD_DATA", message);
}
