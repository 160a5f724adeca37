import { lettering } from "@attend/lettering";
import type { Heatmap } from "@attend/speech-recognition";
import sharp from "sharp";

const [left, width, rowHeight, gap, border, fontSize] = [96, 900, 22, 44, 24, 14];
const ink = "#16161d";

/**
 * Draws what a recognizer heard, map below map: a row for each label, time from left to right, darker where it is more
 * probable, or where a speller attended to.
 *
 * @returns a PNG file
 */
export async function drawHeatmaps(maps: readonly Heatmap[]): Promise<Buffer> {
  let top = border;
  const drawing = maps.map((map) => {
    const drawn = drawMap(map, top + gap);
    top += gap + map.rows.length * rowHeight;
    return drawn;
  });
  const size = `width="${left + width + border}" height="${top + gap}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="#ffffff"/>${drawing.join("")}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

function drawMap(map: Heatmap, top: number): string {
  const { kind, rows, columns, values, startSeconds, secondsPerColumn } = map;
  const letters = lettering(400);
  const text = (label: string, x: number, y: number) =>
    `<path fill="${ink}" d="${letters.outline(label, x, y, fontSize)}"/>`;
  const column = width / columns;
  const seconds = columns * secondsPerColumn;
  const ticks = Array.from({ length: Math.floor(2 * seconds) + 1 }, (_, i) => i / 2);
  return [
    text(kind === "posteriors" ? "labels" : "attention", border, top - 10),
    ...ticks.map((tick) =>
      text((startSeconds + tick).toFixed(1), left + (tick / seconds) * width, top - 10),
    ),
    ...rows.map((label, i) => {
      const x = left - 8 - letters.width(label, fontSize);
      return text(label, x, top + i * rowHeight + 16);
    }),
    ...rows.flatMap((_, i) =>
      Array.from({ length: columns }, (_, j) => {
        const value = values[i * columns + j] ?? 0;
        const [x, y] = [left + j * column, top + i * rowHeight];
        return value < 0.01 ? "" : square(x, y, column, value);
      }),
    ),
  ].join("");
}

/** From white to deep blue; the square root makes small values visible. */
function square(x: number, y: number, column: number, value: number): string {
  const strength = Math.sqrt(Math.min(1, value));
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${(column + 0.2).toFixed(1)}" height="${rowHeight - 2}" fill="rgb(8,48,107)" fill-opacity="${strength.toFixed(2)}"/>`;
}
