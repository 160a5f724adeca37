import { AttendError } from "@attend/runtime/errors";
import { decodeOther, decodeUtf8, readUtf8 } from "../text-files/encoding.ts";
import type { TextLine } from "../text-files/lines-ahead.ts";

/** A caption file, or what a small one decompresses to: COCO's 600,000 captions are 90 MB. */
const maxBytes = 2 ** 32;
/** A JSON document may be one line. */
const maxLineBytes = 400_000_000;
const lineFeed = 0x0a;

/**
 * A text file that is opened once and read once, so that it may be a pipe, while its format is told from
 * its head; plain or gzip. Decoded from UTF-8, or UTF-16 where a byte order mark or the zeros between
 * Latin letters say so; a line that is no UTF-8 but looks like Western European text is taken for
 * Windows-1252. Without the mark, every line end as `\n`; other bytes that are no text become U+FFFD.
 */
export class TextFile {
  readonly file: string;
  /** The beginning up to the end of its first lines; without any that are not blank, empty. */
  readonly head: string;
  readonly #later: AsyncGenerator<string>;
  readonly #westernLines: number[];

  private constructor(
    file: string,
    head: string,
    later: AsyncGenerator<string>,
    westernLines: number[],
  ) {
    this.file = file;
    this.head = head;
    this.#later = later;
    this.#westernLines = westernLines;
  }

  /**
   * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA where it is not text, or broken gzip. So do
   *   the other methods.
   */
  static async open(file: string): Promise<TextFile> {
    const westernLines: number[] = [];
    const pieces = readPieces(file, westernLines);
    let head = "";
    while (head.trim() === "") {
      const { value, done } = await pieces.next();
      if (done) break;
      head += value;
    }
    return new TextFile(file, head, pieces, westernLines);
  }

  /** Lines that were taken for Windows-1252, as far as it was read. */
  get westernLines(): readonly number[] {
    return this.#westernLines;
  }

  /** Lets go of the file before its end. */
  async close(): Promise<void> {
    await this.#later.return(undefined);
  }

  /** All lines, blank ones too. */
  async *lines({ maxLength = 2 ** 20 } = {}): AsyncGenerator<TextLine> {
    let line = 0;
    for await (const piece of this.#pieces()) {
      const lines = piece.split("\n");
      if (lines.at(-1) === "") lines.pop();
      for (const text of lines) {
        line++;
        if (text.length <= maxLength) yield { text, line };
        else {
          const message = `${this.file} line ${line} is longer than ${maxLength.toLocaleString("en")} characters; write one entry a line`;
          throw new AttendError("BAD_DATA", message);
        }
      }
    }
  }

  /** The whole text, of at most `maxLength` characters. */
  async whole(maxLength: number): Promise<string> {
    const pieces: string[] = [];
    let length = 0;
    for await (const piece of this.#pieces()) {
      length += piece.length;
      if (length > maxLength) {
        const message = `${this.file} is longer than ${maxLength.toLocaleString("en")} characters; split it or write it as JSON lines, which are read one by one`;
        throw new AttendError("READ_FAILED", message);
      }
      pieces.push(piece);
    }
    return pieces.join("");
  }

  async *#pieces(): AsyncGenerator<string> {
    if (this.head !== "") yield this.head;
    yield* this.#later;
  }
}

/** The text in pieces of whole lines. */
async function* readPieces(file: string, westernLines: number[]): AsyncGenerator<string> {
  let before = 0;
  for await (const bytes of wholeLines(file)) {
    const text = decodeUtf8(bytes) ?? decodeByLine(bytes, before, westernLines);
    const plain = text.replace(/\r\n?/g, "\n");
    before += plain.split("\n").length - 1;
    yield plain;
  }
}

/** UTF-8 in pieces that end where a line does. */
async function* wholeLines(file: string): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = [];
  let length = 0;
  const remedy = "give captions as CSV, TSV, JSON lines or JSON (UTF-8)";
  for await (const bytes of readUtf8(file, { maxBytes, remedy })) {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield Buffer.concat([...begun, bytes.subarray(0, end)]);
      [begun, length] = [[], 0];
    }
    begun.push(bytes.subarray(end));
    length += bytes.length - end;
    if (length > maxLineBytes) {
      const message = `${file} has a line of more than ${maxLineBytes.toLocaleString("en")} bytes; write one entry a line`;
      throw new AttendError("BAD_DATA", message);
    }
  }
  if (length > 0) yield Buffer.concat(begun);
}

function decodeByLine(bytes: Uint8Array, before: number, westernLines: number[]): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, from) + 1 || bytes.length;
    const line = bytes.subarray(from, end);
    const text = decodeUtf8(line);
    const other = text === undefined ? decodeOther(line) : undefined;
    if (other?.isWestern) westernLines.push(before + lines.length + 1);
    lines.push(text ?? other?.text ?? "");
    from = end;
  }
  return lines.join("");
}
