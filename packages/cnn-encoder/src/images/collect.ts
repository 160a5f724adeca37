import { describeValue } from "@attend/runtime/errors";
import { badImage } from "./bad-image.ts";

/**
 * All bytes of a stream. Where they are too many, the stream is ended.
 *
 * @throws AttendError BAD_IMAGE where they are more than `maxBytes`; what the stream throws
 */
export async function collect(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  name: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError(`it gives ${describeValue(chunk)}`);
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) {
      throw badImage(name, `has more than ${maxBytes / 1e6} MB; make it smaller`);
    }
  }
  return Buffer.concat(chunks, length);
}
