import type { Picture } from "@attend/cnn-encoder";
import sharp from "sharp";

/** Of a place that got no attention, from 0 to 1. */
const darkest = 0.8;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The photo as a PNG of this size. */
export function photoTile({ pixels, width, height }: Picture, to: Size): Promise<Buffer> {
  const raw = { width, height, channels: 3 } as const;
  return sharp(pixels, { raw }).resize(to.width, to.height, { fit: "fill" }).png().toBuffer();
}

/** A black layer to lay over a photo, the more transparent the more attention its place got. */
export function shadeTile(
  weights: Float32Array,
  [rows, columns]: readonly [rows: number, columns: number],
  { width, height }: Size,
): Promise<Buffer> {
  const most = Math.max(...weights);
  const pixels = new Uint8Array(rows * columns * 4);
  weights.forEach((weight, cell) => {
    pixels[cell * 4 + 3] = Math.round(255 * darkest * (1 - weight / most));
  });
  return sharp(pixels, { raw: { width: columns, height: rows, channels: 4 } })
    .resize(width, height, { fit: "fill", kernel: "cubic" })
    .png()
    .toBuffer();
}

/** Letters, as a path of an SVG. */
export function ink(path: string, color = "#16161d"): string {
  return `<path fill="${color}" fill-rule="evenodd" d="${path}"/>`;
}
