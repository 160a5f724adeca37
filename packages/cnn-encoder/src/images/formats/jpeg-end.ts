import { lenient, type Sharp } from "../sharp.ts";

const endOfImage = Uint8Array.of(0xff, 0xd9);

/**
 * Appends the end marker that some cameras omit. A truncated JPEG lacks pixels as well, and its
 * decoder warns about them.
 *
 * @returns undefined for truncated or other files
 */
export async function withEndMarker(
  sharp: Sharp,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const ended = Buffer.concat([bytes, endOfImage]);
  return sharp(ended, { ...lenient, failOn: "warning" })
    .stats()
    .then(
      () => ended,
      () => undefined,
    );
}
