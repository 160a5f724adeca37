import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";
import { utf16Of } from "@attend/runtime/bytes";

/** A path, as bytes if it is not UTF-8, as on older systems. */
export type Path = string | Buffer;

/**
 * Parses a list of paths: one per line, or separated by NUL (`find -print0`), in UTF-8 or UTF-16.
 * Whitespace or quotes around a line belong to the path only if such a file exists. Bytes that are not
 * UTF-8 refer to the file with exactly that name, or else to the one whose name they spell in Latin-1.
 */
export function parsePathList(bytes: Buffer): Path[] {
  // A list separated by NUL may contain many zeros, too.
  const utf16 = utf16Of(bytes, 0.9);
  const isText = utf16 !== undefined || !bytes.includes(0);
  const list = utf16 === undefined ? bytes : Buffer.from(new TextDecoder(utf16).decode(bytes));
  const separator = isText ? /\r\n|\n|\r/ : /\0/;
  // In Latin-1 each byte is a character, so that paths that are not UTF-8 are split like the others.
  const pieces = withoutByteOrderMark(list).toString("latin1").split(separator);
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

function withoutByteOrderMark(text: Buffer): Buffer {
  return text.subarray(0, 3).equals(Buffer.from("\uFEFF")) ? text.subarray(3) : text;
}
