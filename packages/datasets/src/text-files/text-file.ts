import { AttendError } from "@attend/runtime/errors";
import { nameSome } from "../name-some.ts";
import { decodeOther, decodeUtf8, readUtf8 } from "./encoding.ts";
import type { TextLine } from "./lines-ahead.ts";

/** Limit of a file after decompression: COCO's 600,000 captions are 90 MB. */
const maxBytes = 2 ** 32;
/** A JSON document is read at once, and may be one line: the answers of VQA v2 are almost 400 MB. */
const maxDocumentLength = 500_000_000;
const lineFeed = 0x0a;

/**
 * A text file, plain or gzip, that is opened and read once, so that it may be a pipe; its head is available
 * to detect its format. Decoded from UTF-8, or from UTF-16 if a byte order mark or the zeros between Latin
 * letters show it; a line that is not UTF-8 but looks like Western European text is read as Windows-1252.
 * The byte order mark is removed, all line ends become `\n`, and other invalid bytes become U+FFFD.
 */
export class TextFile {
  readonly file: string;
  /** The first lines of the file, up to at least one that is not blank. */
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
   * @param content what the file should contain, in errors: `captions`
   * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA if it is not text or invalid gzip. The other
   *   methods throw the same errors.
   */
  static async open(file: string, content: string): Promise<TextFile> {
    const westernLines: number[] = [];
    const pieces = readPieces(file, content, westernLines);
    let head = "";
    while (head.trim() === "") {
      const { value, done } = await pieces.next();
      if (done) break;
      head += value;
    }
    return new TextFile(file, head, pieces, westernLines);
  }

  /** A warning about the lines so far that were read as Windows-1252. */
  get warnings(): string[] {
    if (this.#westernLines.length === 0) return [];
    return [
      `${this.file} line ${nameSome(this.#westernLines)}: not UTF-8, read as Windows-1252 (Latin-1); save the file as UTF-8 if letters are wrong`,
    ];
  }

  /** Closes the file before its end. */
  async close(): Promise<void> {
    await this.#later.return(undefined);
  }

  /** All lines, including blank ones. */
  async *lines({ maxLength = 2 ** 20 } = {}): AsyncGenerator<TextLine> {
    let line = 0;
    for await (const piece of this.#pieces()) {
      const lines = piece.split("\n");
      if (lines.at(-1) === "") lines.pop();
      for (const text of lines) {
        line++;
        if (text.length <= maxLength) yield { text, line };
        else {
          const message = `${this.file} line ${line} is longer than ${maxLength.toLocaleString("en")} characters; write one entry per line`;
          throw new AttendError("BAD_DATA", message);
        }
      }
    }
  }

  /** The entire text, such as a JSON document. */
  async all(): Promise<string> {
    const pieces: string[] = [];
    let length = 0;
    for await (const piece of this.#pieces()) {
      length += piece.length;
      if (length > maxDocumentLength) {
        const message = `${this.file} is longer than ${maxDocumentLength.toLocaleString("en")} characters; split it, or write it as JSON lines, which are streamed`;
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

/** The text in pieces of complete lines. */
async function* readPieces(
  file: string,
  content: string,
  westernLines: number[],
): AsyncGenerator<string> {
  let before = 0;
  for await (const bytes of completeLines(file, content)) {
    const text = decodeUtf8(bytes) ?? decodeByLine(bytes, before, westernLines);
    const plain = text.replace(/\r\n?/g, "\n");
    before += plain.split("\n").length - 1;
    yield plain;
  }
}

/** UTF-8 in pieces that end at line ends. */
async function* completeLines(file: string, content: string): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let length = 0;
  const remedy = `give ${content} as CSV, TSV, JSON lines or JSON (UTF-8)`;
  for await (const bytes of readUtf8(file, { maxBytes, remedy })) {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield Buffer.concat([...pending, bytes.subarray(0, end)]);
      [pending, length] = [[], 0];
    }
    pending.push(bytes.subarray(end));
    length += bytes.length - end;
    if (length > maxDocumentLength) {
      const message = `${file} has a line of more than ${maxDocumentLength.toLocaleString("en")} bytes; write one entry per line`;
      throw new AttendError("BAD_DATA", message);
    }
  }
  if (length > 0) yield Buffer.concat(pending);
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
