import { lettering } from "@attend/lettering";
import { AttendError } from "@attend/runtime/errors";
import type { Alignment } from "@attend/translator";
import sharp from "sharp";
import { visible } from "./alignment-text.ts";

const cell = 30;
const fontSize = 17;
const gap = 10;
const border = 24;
const ink = "#16161d";
const faint = "#e6e8eb";

/**
 * Draws what a translation attended to: a row for each output token, a column for each source token,
 * darker for more attention.
 *
 * @returns a PNG file
 * @throws AttendError BAD_ARGUMENT if there are no tokens
 */
export async function drawAlignment({ source, target, weights }: Alignment): Promise<Buffer> {
  if (source.length === 0 || target.length === 0) {
    throw new AttendError("BAD_ARGUMENT", "nothing was translated, so there is nothing to draw");
  }
  const letters = lettering(400);
  // The fonts lack the symbol for a space.
  const label = (token: string) => visible(token).replaceAll("▁", "_");
  const [columns, rows] = [source.map(label), target.map(label)];
  const widest = (labels: readonly string[]) =>
    Math.max(...labels.map((label) => letters.width(label, fontSize)));
  const left = border + Math.ceil(widest(rows)) + gap;
  const top = border + Math.ceil(widest(columns)) + gap;
  const text = (label: string, x: number, y: number) =>
    `<path fill="${ink}" d="${letters.outline(label, x, y, fontSize)}"/>`;
  const middle = cell / 2 + fontSize * 0.35;
  const drawing = [
    ...rows.map((label, i) => {
      const x = left - gap - letters.width(label, fontSize);
      return text(label, x, top + i * cell + middle);
    }),
    ...columns.map((label, i) => {
      const [x, y] = [left + i * cell + middle, top - gap];
      return `<g transform="translate(${x} ${y}) rotate(-90)">${text(label, 0, 0)}</g>`;
    }),
    ...rows.flatMap((_, i) =>
      columns.map((_, j) => square(left + j * cell, top + i * cell, weights[i]?.[j] ?? 0)),
    ),
  ].join("");
  const width = left + columns.length * cell + border;
  const height = top + rows.length * cell + border;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ffffff"/>${drawing}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** From white to deep blue; the square root makes small weights visible. */
function square(x: number, y: number, weight: number): string {
  const strength = Math.sqrt(Math.min(1, Math.max(0, weight)));
  const mix = (from: number, to: number) => Math.round(from + (to - from) * strength);
  const fill = `rgb(${mix(255, 8)},${mix(255, 48)},${mix(255, 107)})`;
  return `<rect x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}" fill="${fill}" stroke="${faint}" stroke-width="0.5"/>`;
}
