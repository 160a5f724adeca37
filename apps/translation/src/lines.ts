import { AttendError } from "@attend/runtime/errors";

/** A line of a stream, or why it cannot be had. */
export type Line = { readonly text: string } | { readonly error: AttendError };

/** Longer lines are no text to translate, and would not fit into memory. */
const maxBytes = 2 ** 20;

/**
 * The lines of a stream of UTF-8 bytes, as they come, in groups: what one piece of the stream
 * brings, at most `most` lines. Only `\n` and `\r\n` end a line, so that there are as many as
 * went in; a line that is too long or no UTF-8 is an error in its place.
 */
export async function* groupsOfLines(
  stream: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Line[]> {
  for await (const lines of linesOf(stream)) {
    for (let from = 0; from < lines.length; from += most) yield lines.slice(from, from + most);
  }
}

async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let [held, bytes, number]: [Uint8Array[], number, number] = [[], 0, 0];
  const finish = (last: Uint8Array): Line => {
    number++;
    const line = bytes + last.length > maxBytes ? tooLong(number) : decode([...held, last], number);
    [held, bytes] = [[], 0];
    return line;
  };
  for await (const piece of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      lines.push(finish(piece.subarray(from, end)));
      from = end + 1;
    }
    const rest = piece.subarray(from);
    bytes += rest.length;
    // Of a line that is too long nothing is kept but its length.
    if (bytes <= maxBytes) held.push(rest);
    else held = [];
    if (lines.length > 0) yield lines;
  }
  if (bytes > 0) yield [finish(new Uint8Array())];
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(pieces: readonly Uint8Array[], number: number): Line {
  try {
    return { text: utf8.decode(Buffer.concat(pieces)).replace(/\r$/, "") };
  } catch {
    const message = `line ${number} is not UTF-8; an empty line stands for it`;
    return { error: new AttendError("BAD_DATA", message) };
  }
}

function tooLong(number: number): Line {
  const message = `line ${number} is longer than ${maxBytes.toLocaleString("en")} bytes; an empty line stands for it: give one sentence a line`;
  return { error: new AttendError("BAD_DATA", message) };
}
