import { type AttendError, describeValue } from "./errors.ts";

/**
 * All bytes of a stream. Where they are more than `maxBytes`, the stream is ended.
 *
 * @throws AttendError what `tooMany` gives; whatever the stream throws, and TypeError where it gives something
 *   other than bytes
 */
export async function collectBytes(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  maxBytes: number,
  tooMany: () => AttendError,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError(`it gives ${describeValue(chunk)}`);
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw tooMany();
  }
  return Buffer.concat(chunks, length);
}

/**
 * Which UTF-16 a text is in, if it is: by its byte order mark, or by the zeros beside Latin letters, of
 * which most texts have many.
 *
 * @param share of the first letters that have such a zero, at least, where there is no mark
 */
export function utf16Of(bytes: Uint8Array, share = 0.4): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 1024);
  if (head.length < 8) return undefined;
  const zerosAt = (parity: number) =>
    head.filter((byte, place) => byte === 0 && place % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  const least = (share * head.length) / 2;
  if (odd > least && even < odd / 20) return "utf-16le";
  if (even > least && odd < even / 20) return "utf-16be";
  return undefined;
}
