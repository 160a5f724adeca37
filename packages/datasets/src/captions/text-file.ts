import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";

/**
 * A text file in pieces, decoded from UTF-8 or, where its byte order mark says so, UTF-16; without
 * that mark, and with every line end as `\n`. Bytes that are not text become U+FFFD.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED
 */
export async function* readText(file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let heldBack = "";
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      decoder ??= new TextDecoder(encodingOf(bytes));
      const text = heldBack + decoder.decode(bytes, { stream: true });
      // A line end \r\n may lie across two pieces.
      heldBack = text.endsWith("\r") ? "\r" : "";
      yield withPlainLineEnds(text.slice(0, text.length - heldBack.length));
    }
  } catch (thrown) {
    throw readError(file, thrown);
  }
  yield withPlainLineEnds(heldBack + (decoder?.decode() ?? ""));
}

/** The lines of a text file that are not blank, numbered from 1. */
export async function* readLines(
  file: string,
  { maxLength = 2 ** 20 } = {},
): AsyncGenerator<{ text: string; line: number }> {
  let rest = "";
  let line = 0;
  for await (const piece of readText(file)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield { text, line };
    }
    if (rest.length > maxLength) {
      const message = `${file} line ${line + 1} is longer than ${maxLength.toLocaleString("en")} characters; write one entry a line`;
      throw new AttendError("BAD_DATA", message);
    }
  }
  if (rest.trim() !== "") yield { text: rest, line: line + 1 };
}

/** The whole text of a file of at most `maxLength` characters. */
export async function readWholeText(file: string, maxLength: number): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of readText(file)) {
    length += piece.length;
    if (length > maxLength) {
      const message = `${file} is longer than ${maxLength.toLocaleString("en")} characters; split it or write it as JSON lines, which are read one by one`;
      throw new AttendError("READ_FAILED", message);
    }
    pieces.push(piece);
  }
  return pieces.join("");
}

/** The first piece of a file, enough to see its format; empty where the file is. */
export async function readHead(file: string): Promise<string> {
  for await (const piece of readText(file)) if (piece !== "") return piece;
  return "";
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
