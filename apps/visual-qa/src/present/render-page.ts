import { lettering, shorten, wrap } from "@attend/lettering";
import sharp, { type OverlayOptions } from "sharp";
import type { AnswerResult } from "../answerer.ts";
import { answerText } from "./answers.ts";
import { ink, photoTile, shadeTile } from "./tiles.ts";

/** An answer, and the one that people gave. */
export interface PageExample {
  /** Of `ask` with the options `attention` and `picture`. */
  readonly result: AnswerResult;
  readonly expected: string;
}

/** The formats of a page. */
export type PageFormat = "webp" | "png" | "jpeg";

const columns = 2;
const columnWidth = 640;
const margin = 24;
const gap = 8;
const tileHeight = 150;
const textSize = 18;
const lineHeight = 26;
const [green, red] = ["#1a7f37", "#c62828"];

/**
 * Draws examples side by side on one page: each with its question, the answer in green if it is the expected one, else
 * in red with that one, the photo, and the photo once for each hop, bright where it looked.
 */
export async function renderPage(
  examples: readonly PageExample[],
  format: PageFormat,
): Promise<Buffer> {
  const overlays: OverlayOptions[] = [];
  const drawing: string[] = [];
  let top = margin;
  for (let i = 0; i < examples.length; i += columns) {
    const row = examples.slice(i, i + columns).map((example) => ({
      ...example,
      question: wrap(lettering(600), example.result.question, textSize, columnWidth),
    }));
    const lines = Math.max(...row.map(({ question }) => question.length));
    for (const [column, { result, expected, question }] of row.entries()) {
      const left = margin + column * (columnWidth + margin);
      const baseline = (line: number) => top + textSize + line * lineHeight;
      for (const [line, text] of question.entries()) {
        drawing.push(ink(lettering(600).outline(text, left, baseline(line), textSize)));
      }
      const isRight = result.answer === expected;
      const verdict = isRight ? "" : `, expected: ${expected}`;
      const text = shorten(lettering(400), answerText(result) + verdict, textSize, columnWidth);
      const outline = lettering(400).outline(text, left, baseline(lines), textSize);
      drawing.push(ink(outline, isRight ? green : red));
      const tiles = await tilesOf(result);
      overlays.push(
        ...tiles.map(({ input, offset }) => {
          return { input, left: left + offset, top: top + (lines + 1) * lineHeight };
        }),
      );
    }
    top += (lines + 1) * lineHeight + tileHeight + margin;
  }
  const width = columns * (columnWidth + margin) + margin;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}">${drawing.join("")}</svg>`;
  return sharp({ create: { width, height: top, channels: 3, background: "#ffffff" } })
    .composite([...overlays, { input: Buffer.from(svg) }])
    .toFormat(format)
    .toBuffer();
}

/** The photo, and the photo with the attention of each hop, from left to right. */
async function tilesOf({ picture, attention }: AnswerResult) {
  if (picture === undefined) return [];
  const { grid = [1, 1] as const, hops = [] } = attention ?? {};
  const count = hops.length + 1;
  const room = (columnWidth - (count - 1) * gap) / count;
  const scale = Math.min(tileHeight / picture.height, room / picture.width);
  const size = {
    width: Math.max(1, Math.floor(picture.width * scale)),
    height: Math.max(1, Math.floor(picture.height * scale)),
  };
  const photo = await photoTile(picture, size);
  const offsetOf = (tile: number) => tile * (size.width + gap);
  const looks = await Promise.all(
    hops.map(async (weights, hop) => {
      const offset = offsetOf(hop + 1);
      return [
        { input: photo, offset },
        { input: await shadeTile(weights, grid, size), offset },
      ];
    }),
  );
  return [{ input: photo, offset: 0 }, ...looks.flat()];
}
