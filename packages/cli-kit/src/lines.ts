/** A line of a stream, or why it cannot be read: `line 3 is not UTF-8`. */
export type Line =
  | { readonly text: string; readonly fault?: never }
  | { readonly text?: never; readonly fault: string };

/** Longer lines are not text, and might not fit into memory. */
const maxBytes = 2 ** 20;

/**
 * Yields the lines of a stream of UTF-8 bytes as they arrive, in groups: the lines of one chunk of the
 * stream, at most `most` at a time. Only `\n` and `\r\n` end a line, so that the number of lines stays
 * the same; a line that is too long or not UTF-8 becomes a fault.
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
  for await (const chunk of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      lines.push(finish(chunk.subarray(from, end)));
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    bytes += rest.length;
    // Of a line that is too long, only the length is kept.
    if (bytes <= maxBytes) held.push(rest);
    else held = [];
    if (lines.length > 0) yield lines;
  }
  if (bytes > 0) yield [finish(new Uint8Array())];
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(chunks: readonly Uint8Array[], number: number): Line {
  try {
    return { text: utf8.decode(Buffer.concat(chunks)).replace(/\r$/, "") };
  } catch {
    return { fault: `line ${number} is not UTF-8` };
  }
}

function tooLong(number: number): Line {
  return { fault: `line ${number} is longer than ${maxBytes.toLocaleString("en")} bytes` };
}
