import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { utf16Of } from "@attend/runtime/bytes";
import { AttendError } from "@attend/runtime/errors";
import { type ByteSource, nameOf, readBytes } from "./bytes.ts";

/**
 * The bytes of a text in pieces, decompressed if gzip, and converted to UTF-8 if UTF-16.
 *
 * @param options `maxBytes` limits the decompressed bytes; `remedy` ends the error for non-text
 * @throws AttendError the errors of `readBytes`; BAD_DATA if it is not text
 */
export async function* readUtf8(
  source: ByteSource,
  { maxBytes, remedy = "give it as plain text (UTF-8)" }: { maxBytes: number; remedy?: string },
): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | "none" | undefined;
  for await (const bytes of readBytes(source, { maxBytes })) {
    if (decoder === undefined) {
      const utf16 = utf16Of(bytes);
      const format = otherFormatOf(bytes) ?? (utf16 === undefined ? binaryOf(bytes) : undefined);
      if (format !== undefined) {
        throw new AttendError("BAD_DATA", `${nameOf(source)} is ${format}, not text; ${remedy}`);
      }
      decoder = utf16 === undefined ? "none" : new TextDecoder(utf16);
    }
    yield decoder === "none" ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
}

/** The first bytes of files that are often mistaken for texts. */
const otherFormats = [
  ["PK\u0003\u0004", "a ZIP archive, as .docx and .xlsx files are"],
  ["%PDF-", "a PDF"],
  ["BZh", "compressed by bzip2"],
  ["\u00fd7zXZ", "compressed by xz"],
  ["(\u00b5/\u00fd", "compressed by zstd"],
] as const;

function otherFormatOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  return otherFormats.find(([begin]) => head.startsWith(begin))?.[1];
}

/** Texts contain few control characters and zeros. */
function binaryOf(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 4096);
  const controls = head.filter((byte) => byte < 9 || (byte > 13 && byte < 32));
  return controls.length > head.length / 50 ? "a binary file" : undefined;
}

/**
 * @param file names the bytes in errors
 * @param before the number of preceding lines
 * @throws AttendError BAD_DATA naming the first line that is not UTF-8
 */
export function requireUtf8(bytes: Buffer, file: string, before = 0): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let [start, line] = [0, before + 1];
  for (let end = bytes.indexOf("\n"); end >= 0; end = bytes.indexOf("\n", start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    [start, line] = [end + 1, line + 1];
  }
  const remedy =
    "save the file as UTF-8, or convert it, for instance with `iconv -f WINDOWS-1252 -t UTF-8`";
  throw new AttendError("BAD_DATA", `${file} line ${line} is not UTF-8; ${remedy}`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder();
/** Windows-1252 from 0x80 to 0x9f, which Node's decoder treats as ISO 8859-1. */
const western = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** @returns undefined if the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Decodes a line that is not UTF-8. If most letters are ASCII, as in Western European text, it is read as
 * Windows-1252 (a superset of ISO 8859-1); else each invalid byte becomes U+FFFD.
 */
export function decodeOther(bytes: Uint8Array): { text: string; isWestern: boolean } {
  const high = bytes.filter((byte) => byte > 0x7f).length;
  const letters = bytes.filter((byte) => byte > 0x40 && byte < 0x7f).length;
  const isWestern = 3 * high <= letters;
  if (!isWestern) return { text: lenient.decode(bytes), isWestern };
  const text = Buffer.from(bytes).toString("latin1");
  return {
    text: text.replace(/[\x80-\x9f]/g, (mark) => western.charAt(mark.charCodeAt(0) - 0x80)),
    isWestern,
  };
}
