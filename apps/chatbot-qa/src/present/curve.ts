import { lettering } from "@attend/lettering";
import { scaleLinear } from "d3-scale";
import sharp from "sharp";
import type { CurvePoint } from "../faq/scores.ts";

const [width, height] = [520, 380];
const edge = { left: 64, right: 24, top: 64, bottom: 56 };
const colors = {
  ink: "#22262e",
  faint: "#8a8f98",
  grid: "#e6e8eb",
  line: "#4269d0",
  dot: "#d9480f",
};

/**
 * Right answers against wrong ones for every threshold of the confidence, with a dot for the model's own.
 *
 * @param chosen what the model's threshold gives
 * @returns an SVG image with text as outlines
 */
export function drawCurve(
  points: readonly CurvePoint[],
  chosen: Pick<CurvePoint, "wrong" | "right">,
): string {
  const most = Math.max(...points.map(({ wrong }) => wrong), 0.01);
  const x = scaleLinear([0, most], [edge.left, width - edge.right]).nice(5);
  const y = scaleLinear([0, 1], [height - edge.bottom, edge.top]);
  const format = x.tickFormat(5, ".0~%");
  const percent = y.tickFormat(5, ".0%");
  const at = ({ wrong, right }: Pick<CurvePoint, "wrong" | "right">) =>
    [x(wrong).toFixed(1), y(right).toFixed(1)] as const;
  const [dotX, dotY] = at(chosen);
  const parts = [
    text("Right answers against wrong ones, by the threshold", edge.left, 26, {
      size: 14,
      weight: 600,
    }),
    ...y
      .ticks(5)
      .flatMap((tick) => [
        `<line x1="${edge.left}" x2="${width - edge.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${colors.grid}"/>`,
        text(percent(tick), edge.left - 8, y(tick) + 4, { anchor: "end" }),
      ]),
    ...x
      .ticks(5)
      .map((tick) => text(format(tick), x(tick), height - edge.bottom + 18, { anchor: "middle" })),
    text("wrong answers given with confidence, of all questions", width - edge.right, height - 14, {
      anchor: "end",
      color: colors.faint,
    }),
    text("right answers given", 10, edge.top - 16, { color: colors.faint }),
    `<polyline points="${points.map((point) => at(point).join(",")).join(" ")}" fill="none" stroke="${colors.line}" stroke-width="2" stroke-linejoin="round"/>`,
    `<circle cx="${dotX}" cy="${dotY}" r="5" fill="${colors.dot}"/>`,
    text("the model's threshold", Number(dotX) + 9, Number(dotY) + 16, { color: colors.dot }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`;
}

/** {@link drawCurve} as a PNG with two pixels per unit. */
export function curvePng(...curve: Parameters<typeof drawCurve>): Promise<Buffer> {
  return sharp(Buffer.from(drawCurve(...curve)), { density: 144 })
    .png({ palette: true })
    .toBuffer();
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: 400 | 600;
  readonly anchor?: "start" | "middle" | "end";
  readonly color?: string;
}

function text(
  content: string,
  x: number,
  y: number,
  { size = 12, weight = 400, anchor = "start", color = colors.ink }: TextStyle,
): string {
  const letters = lettering(weight);
  const before = { start: 0, middle: 0.5, end: 1 }[anchor] * letters.width(content, size);
  return `<path fill="${color}" d="${letters.outline(content, x - before, y, size)}"/>`;
}
