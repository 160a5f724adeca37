import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";

/** A path; its bytes where they are no UTF-8, as files from older systems have them. */
export type Path = string | Buffer;

/**
 * The paths that a list names: one a line, or separated by NUL (`find -print0`), in UTF-8 or UTF-16.
 * White space or quotes around a line belong to the path only where there is such a file. Of bytes that
 * are no UTF-8 the file that has that very name is meant, or the one whose name they spell in Latin-1.
 */
export function parsePathList(bytes: Buffer): Path[] {
  const utf16 = utf16Of(bytes);
  const isText = utf16 !== undefined || !bytes.includes(0);
  const list = utf16 === undefined ? bytes : Buffer.from(new TextDecoder(utf16).decode(bytes));
  const separator = isText ? /\r\n|\n|\r/ : /\0/;
  // In Latin-1 each byte is a letter, so that what is no UTF-8 is cut like the rest.
  const pieces = withoutMark(list).toString("latin1").split(separator);
  return pieces
    .filter((piece) => (isText ? piece.trim() : piece) !== "")
    .map((piece) => {
      const path = Buffer.from(piece, "latin1");
      if (!isUtf8(path)) return firstThatExists([path, piece.trim()], path);
      const text = path.toString();
      return isText ? firstThatExists(spellings(text), text.trim()) : text;
    });
}

function spellings(line: string): string[] {
  const trimmed = line.trim();
  const unquoted = trimmed.replace(/^(["'])(.*)\1$/, "$2");
  const names = [line, trimmed, unquoted];
  return [...names, unquoted.normalize("NFC"), unquoted.normalize("NFD")];
}

function firstThatExists(paths: readonly Path[], otherwise: Path): Path {
  return paths.find((path) => existsSync(path)) ?? otherwise;
}

/** By its mark, or by the zeros that plain letters have in every second byte. */
function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 64);
  const isZeroAt = (rest: number) => head.every((byte, i) => i % 2 !== rest || byte === 0);
  if (head.length < 8 || isZeroAt(0) === isZeroAt(1)) return undefined;
  return isZeroAt(1) ? "utf-16le" : "utf-16be";
}

function withoutMark(text: Buffer): Buffer {
  return text.subarray(0, 3).equals(Buffer.from("\uFEFF")) ? text.subarray(3) : text;
}
