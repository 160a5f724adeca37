import { lenient, type Sharp } from "../sharp.ts";

const endOfImage = Uint8Array.of(0xff, 0xd9);

/**
 * A JPEG with the end marker that some cameras leave out, where that is all that it lacks: had it been
 * cut off, it would lack pixels as well, of which its decoder warns.
 *
 * @returns undefined for other files
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
