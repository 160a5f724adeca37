import { lettering, shorten, wrap } from "@attend/lettering";
import { AttendError } from "@attend/runtime/errors";
import sharp, { type OverlayOptions } from "sharp";
import type { AnswerResult } from "../answerer.ts";
import { answerText } from "./answers.ts";
import { ink, photoTile, shadeTile } from "./tiles.ts";

const margin = 32;
const gap = 12;
const tileHeight = 320;
/** Panoramas are shown entirely, but lower. */
const maxTileWidth = 640;
const headingSize = 26;
const lineHeight = 36;
const labelSize = 18;

/**
 * Draws a photo once for each hop, bright where the hop looked, below the question and its answer.
 *
 * @param result of `ask` with the options `attention` and `picture`
 * @returns a PNG file
 * @throws AttendError BAD_ARGUMENT without a picture or attention
 */
export async function renderRegions(result: AnswerResult): Promise<Buffer> {
  const { question, attention, picture } = result;
  if (attention === undefined || picture === undefined) {
    const message =
      "there is no attention to draw; ask a model that has it, with { attention: true, picture: true }";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const scale = Math.min(tileHeight / picture.height, maxTileWidth / picture.width);
  const tile = {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  };
  const { hops, grid } = attention;
  const width = Math.max(400, hops.length * (tile.width + margin) - margin) + 2 * margin;
  const heading = lettering(600);
  const lines = [question, answerText(result)].flatMap((text) =>
    wrap(heading, text, headingSize, width - 2 * margin),
  );
  const top = margin + lines.length * lineHeight + gap;
  const height = top + tile.height + gap + labelSize + margin;
  const photo = await photoTile(picture, tile);
  const overlays: OverlayOptions[] = [];
  const drawing = lines.map((line, i) =>
    ink(heading.outline(line, margin, margin + headingSize + i * lineHeight, headingSize)),
  );
  for (const [i, weights] of hops.entries()) {
    const left = margin + i * (tile.width + margin);
    overlays.push({ input: photo, left, top });
    overlays.push({ input: await shadeTile(weights, grid, tile), left, top });
    const label = shorten(lettering(400), `hop ${i + 1}`, labelSize, Math.max(tile.width, 60));
    const baseline = top + tile.height + gap + labelSize;
    drawing.push(ink(lettering(400).outline(label, left, baseline, labelSize)));
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing.join("")}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: "#ffffff" } })
    .composite([...overlays, { input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}
