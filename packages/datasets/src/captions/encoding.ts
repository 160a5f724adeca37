import { TextDecoder } from "node:util";

/** The bytes of a text, which its first ones tell the encoding of, as UTF-8. */
export async function* asUtf8(
  pieces: AsyncIterable<Uint8Array>,
  requireText: (first: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | "none" | undefined;
  for await (const bytes of pieces) {
    if (decoder === undefined) {
      const encoding = utf16Of(bytes);
      if (encoding === undefined) requireText(bytes);
      decoder = encoding === undefined ? "none" : new TextDecoder(encoding);
    }
    yield decoder === "none" ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
}

/** By its byte order mark, or by the zeros beside Latin letters, of which most files have many. */
function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 1024);
  const zerosAt = (parity: number) =>
    head.filter((byte, place) => byte === 0 && place % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (odd > head.length / 5 && even < odd / 20) return "utf-16le";
  if (even > head.length / 5 && odd < even / 20) return "utf-16be";
  return undefined;
}

/** Whether the beginning of a file holds what no text does: zeros, or many control characters. */
export function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  if (head.includes(0)) return true;
  const controls = head.filter((byte) => byte < 9 || (byte > 13 && byte < 32));
  return controls.length > head.length / 50;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder();
/** Windows-1252 from 0x80 to 0x9f, which Node's decoder takes for ISO 8859-1. */
const western = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** @returns undefined where the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A line that is no UTF-8. In Western European text most letters are ASCII; where they are, its bytes are
 * taken for Windows-1252 (which has what ISO 8859-1 has), else each that is no UTF-8 becomes U+FFFD.
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
