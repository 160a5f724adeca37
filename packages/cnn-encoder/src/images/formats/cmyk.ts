import { lenient, type Sharp } from "../sharp.ts";
import { createTiff } from "./tiff.ts";

/** About the most ink that presses print at a point, as the sum of all four inks. */
const maxInk = 3.3 * 255;

/**
 * Whether a file is a CMYK JPEG without Adobe's marker. Adobe stores inks inverted; the header does not
 * say what other programs do.
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
    // Markers may be padded with bytes of 0xFF.
    at += marker === 0xff ? 1 : 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return false;
}

/**
 * Returns a picture that sharp reads correctly. Like browsers, sharp treats the inks as inverted; if
 * that gives more ink than paper holds, and less without, they are not.
 */
export async function correctInks(sharp: Sharp, bytes: Uint8Array): Promise<Uint8Array> {
  const inks = () => sharp(bytes, lenient).pipelineColorspace("cmyk").toColorspace("cmyk");
  const sample = await inks().resize(64, 64, { fit: "fill", kernel: "nearest" }).raw().toBuffer();
  let [excess, excessInverted] = [0, 0];
  for (let i = 0; i + 3 < sample.length; i += 4) {
    const ink = sample.subarray(i, i + 4).reduce((sum, each) => sum + each, 0);
    excess += Math.max(0, ink - maxInk);
    excessInverted += Math.max(0, 4 * 255 - ink - maxInk);
  }
  if (excess <= excessInverted) return bytes;
  const { data, info } = await inks().raw().toBuffer({ resolveWithObject: true });
  const { icc: profile, orientation } = await sharp(bytes, lenient).metadata();
  const { width, height } = info;
  const { file, pixels } = createTiff({ width, height, colors: "cmyk", orientation, profile });
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - (data[i] ?? 0);
  return file;
}
