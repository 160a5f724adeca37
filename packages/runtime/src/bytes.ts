import { type AttendError, describeValue } from "./errors.ts";

/**
 * All bytes of a stream. The stream is closed if there are more than `maxBytes`.
 *
 * @throws AttendError the result of `tooMany`; any error of the stream; TypeError if a chunk is not
 * bytes
 */
export async function collectBytes(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  maxBytes: number,
  tooMany: () => AttendError,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array))
      throw new TypeError(`the stream yields ${describeValue(chunk)}`);
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw tooMany();
  }
  return Buffer.concat(chunks, length);
}

/**
 * The UTF-16 encoding of a text, if it is one: detected by its byte order mark, or by the zero
 * bytes next to Latin letters, of which most texts have many.
 *
 * @param minShare the minimum share of characters with such a zero byte if there is no mark
 */
export function utf16Of(bytes: Uint8Array, minShare = 0.4): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 1024);
  if (head.length < 8) return undefined;
  const zerosAt = (parity: number) =>
    head.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  const least = (minShare * head.length) / 2;
  if (odd > least && even < odd / 20) return "utf-16le";
  if (even > least && odd < even / 20) return "utf-16be";
  return undefined;
}
