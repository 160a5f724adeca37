import { lenient, type Sharp } from "../sharp.ts";
import { createTiff } from "./tiff.ts";

/** Ink that presses lay on one place: of the four at most about this much together. */
const mostInk = 3.3 * 255;

/**
 * Whether a file is a JPEG in four inks without Adobe's marker: Adobe's are stored inverted, and what
 * others do cannot be told from the header.
 */
export function isUnmarkedCmyk(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  for (let at = 2; at + 12 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9] === 4;
    const text = Buffer.from(bytes.subarray(at + 4, at + 9)).toString("latin1");
    if (marker === 0xee && text === "Adobe") return false;
    if (marker === 0xda) return false;
    // Bytes of 0xFF may fill the room before a marker.
    at += marker === 0xff ? 1 : 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return false;
}

/**
 * Such a JPEG as sharp is to read it. Like browsers, sharp takes its inks for inverted; where there
 * would then be more ink in places than paper holds, and less without, they are not.
 */
export async function withInksTheRightWay(sharp: Sharp, bytes: Uint8Array): Promise<Uint8Array> {
  const inks = () => sharp(bytes, lenient).pipelineColourspace("cmyk").toColourspace("cmyk");
  const sample = await inks().resize(64, 64, { fit: "fill", kernel: "nearest" }).raw().toBuffer();
  let [excess, excessInverted] = [0, 0];
  for (let i = 0; i + 3 < sample.length; i += 4) {
    const ink = sample.subarray(i, i + 4).reduce((sum, each) => sum + each, 0);
    excess += Math.max(0, ink - mostInk);
    excessInverted += Math.max(0, 4 * 255 - ink - mostInk);
  }
  if (excess <= excessInverted) return bytes;
  const { data, info } = await inks().raw().toBuffer({ resolveWithObject: true });
  const { icc: profile, orientation } = await sharp(bytes, lenient).metadata();
  const { width, height } = info;
  const { file, pixels } = createTiff({ width, height, colours: "cmyk", orientation, profile });
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - (data[i] ?? 0);
  return file;
}
