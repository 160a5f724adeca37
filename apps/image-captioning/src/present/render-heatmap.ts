import { type ImageSource, loadPicture, type Picture } from "@attend/cnn-encoder";
import { lettering, shorten, wrap } from "@attend/lettering";
import { AttendError } from "@attend/runtime/errors";
import sharp, { type OverlayOptions } from "sharp";
import type { CaptionResult } from "../caption.ts";
import { type Box, largestSide, layOut } from "./layout.ts";
import { heatColor, paintTile } from "./tile.ts";

const paper = "#ffffff";
const ink = "#16161d";
const faintInk = "#6b6b78";
const headingSize = 34;
const headingLine = 44;
const wordSize = 21;
const legendSize = 16;
const cornerRadius = 8;

/**
 * Draws a photo with its caption and where the model looked for each word.
 *
 * @param photo the captioned photo: its `result.picture`, or anything that `caption` accepts, which is
 *   then read again
 * @param result from captioning with the option `attention`
 * @returns a PNG file
 * @throws AttendError BAD_ARGUMENT without a photo or attention; like `loadPicture`
 */
export async function renderHeatmap(
  photo: ImageSource | Picture | undefined,
  result: Pick<CaptionResult, "caption" | "attention" | "width" | "height">,
): Promise<Buffer> {
  const { caption, attention, width, height } = result;
  if (attention === undefined) {
    const remedy = "caption the photo with { attention: true }";
    const message = `the result has no attention; ${remedy}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (photo === undefined) {
    const message = "there is no photo to draw on; caption it with { picture: true }, or pass it";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const heading = lettering(600);
  const layout = layOut(width / height, attention.words.length, (available) => {
    return wrap(heading, caption, headingSize, available).length * headingLine + 16;
  });
  const shown = isPicture(photo) ? photo : await loadPicture(photo, { side: largestSide });
  const large = await resize(shown, layout.photo);
  const small = layout.tiles[0] && (await resize(shown, layout.tiles[0]));
  const tiles = layout.tiles.map((box, i) => {
    const weights = attention.weights[i] ?? [];
    return picture(paintTile(small ?? new Uint8Array(), box, weights, attention.grid), box);
  });
  const drawing = [
    ...[layout.photo, ...layout.tiles].map(roundCorners),
    ...wrap(heading, caption, headingSize, layout.heading.width).map((line, i) => {
      const baseline = layout.heading.top + headingSize + i * headingLine - 6;
      return fill(heading.outline(line, layout.heading.left, baseline, headingSize), ink);
    }),
    ...layout.tiles.map((box, i) => label(attention.words[i] ?? "", box)),
    ...legend(layout.legend),
  ].join("");
  const size = { width: layout.width, height: layout.height };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${drawing}</svg>`;
  return sharp({ create: { ...size, channels: 3, background: paper } })
    .composite([picture(large, layout.photo), ...tiles, { input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

function isPicture(photo: ImageSource | Picture): photo is Picture {
  return typeof photo === "object" && photo !== null && "pixels" in photo;
}

function resize(picture: Picture, { width, height }: Box): Promise<Uint8Array> {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  return sharp(picture.pixels, { raw }).resize(width, height, { fit: "fill" }).raw().toBuffer();
}

function picture(pixels: Uint8Array, { left, top, width, height }: Box): OverlayOptions {
  return { input: Buffer.from(pixels), raw: { width, height, channels: 3 }, left, top };
}

function fill(path: string, color: string): string {
  return `<path fill="${color}" fill-rule="evenodd" d="${path}"/>`;
}

/** Covers the corners of a box. */
function roundCorners({ left, top, width, height }: Box): string {
  const r = Math.min(cornerRadius, width / 2, height / 2);
  const arc = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x} ${y}`;
  const inside = `M${left + r} ${top}h${width - 2 * r}${arc(r, r)}v${height - 2 * r}${arc(-r, r)}h${2 * r - width}${arc(-r, -r)}v${2 * r - height}${arc(r, -r)}Z`;
  return fill(`M${left} ${top}h${width}v${height}h${-width}Z${inside}`, paper);
}

/** A word, centered below its tile. */
function label(word: string, box: Box): string {
  const letters = lettering(400);
  const text = shorten(letters, word, wordSize, Math.max(box.width, 60));
  const left = box.left + (box.width - letters.width(text, wordSize)) / 2;
  return fill(letters.outline(text, left, box.top + box.height + 27, wordSize), ink);
}

/** The color scale. */
function legend({ left, top }: Box): string[] {
  const letters = lettering(400);
  const stops = Array.from({ length: 11 }, (_, i) => {
    const color = heatColor(i / 10)
      .map(Math.round)
      .join(",");
    return `<stop offset="${i / 10}" stop-color="rgb(${color})"/>`;
  });
  const [from, to] = ["less attention", "more"];
  const baseline = top + 26;
  const barLeft = left + letters.width(from, legendSize) + 12;
  const barWidth = 132;
  return [
    fill(letters.outline(from, left, baseline, legendSize), faintInk),
    `<defs><linearGradient id="heat">${stops.join("")}</linearGradient></defs>`,
    `<rect x="${barLeft}" y="${baseline - 11}" width="${barWidth}" height="12" rx="6" fill="url(#heat)"/>`,
    fill(letters.outline(to, barLeft + barWidth + 12, baseline, legendSize), faintInk),
  ];
}
