import { loadPicture } from "@attend/cnn-encoder";
import { lettering, wrap } from "@attend/lettering";
import sharp from "sharp";

const [columns, side, textHeight, gap] = [4, 224, 72, 12];
const [textSize, lineHeight, maxLines] = [17, 22, 3];

/** A photo's file and the text below it. */
export interface Labeled {
  readonly file: string;
  readonly label: string;
}

/** @returns a PNG of the photos in rows, each with its label */
export async function contactSheet(photos: readonly Labeled[]): Promise<Buffer> {
  const letters = lettering(400);
  const [cellWidth, cellHeight] = [side + gap, side + textHeight + gap];
  const width = columns * cellWidth + gap;
  const height = Math.ceil(photos.length / columns) * cellHeight + gap;
  const cells = photos.map(({ file, label }, i) => ({
    file,
    label,
    left: gap + (i % columns) * cellWidth,
    top: gap + Math.floor(i / columns) * cellHeight,
  }));
  const pictures = await Promise.all(
    cells.map(async ({ file, left, top }) => {
      const { pixels, width, height } = await loadPicture(file, { side });
      return {
        input: Buffer.from(pixels),
        raw: { width, height, channels: 3 as const },
        left,
        top,
      };
    }),
  );
  const outlines = cells.flatMap(({ label, left, top }) =>
    wrap(letters, label, textSize, side)
      .slice(0, maxLines)
      .map((line, i) => letters.outline(line, left, top + side + (i + 1) * lineHeight, textSize)),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path fill="#16161d" d="${outlines.join("")}"/></svg>`;
  return sharp({ create: { width, height, channels: 3, background: "#ffffff" } })
    .composite([...pictures, { input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}
