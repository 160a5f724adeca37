import { lettering } from "@attend/lettering";
import { AttendError } from "@attend/runtime/errors";
import { scaleLinear } from "d3-scale";
import type { LogEntry } from "./log.ts";

type Point = readonly [step: number, value: number];

interface Panel {
  readonly title: string;
  /** Drawn faint, under their moving mean; validations are drawn with dots. */
  readonly steps: readonly Point[];
  readonly validations: readonly Point[];
}

const panel = { width: 460, height: 240, left: 62, right: 18, top: 34, bottom: 34 };
const columns = 2;
const titleHeight = 34;
const colors = { steps: "#4269d0", validations: "#d9480f", axis: "#8a8f98", text: "#22262e" };

/**
 * The curves of a training as an SVG image: a panel each for the loss, every metric, the learning rate and
 * the gradient norm. A validation metric is drawn over the step metric of the same name. Text is drawn as
 * outlines, so that the image does not depend on installed fonts.
 *
 * @param log the result of `readLog`
 * @throws AttendError BAD_ARGUMENT if there is nothing to draw
 */
export function plotCurves(log: readonly LogEntry[], options: { title?: string } = {}): string {
  const panels = panelsOf(log);
  if (panels.length === 0) {
    throw new AttendError("BAD_ARGUMENT", "the training log is empty; train for a step first");
  }
  const rows = Math.ceil(panels.length / columns);
  const width = panel.width * columns;
  const top = options.title === undefined ? 0 : titleHeight;
  const height = panel.height * rows + top;
  const drawn = panels.map((each, i) => {
    const x = (i % columns) * panel.width;
    const y = top + Math.floor(i / columns) * panel.height;
    return `<g transform="translate(${x} ${y})">${drawPanel(each)}</g>`;
  });
  const title = text(options.title ?? "", width / 2, 24, { size: 16, anchor: "middle" });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="white"/>${title}${drawn.join("")}</svg>`
  );
}

/** Like {@link plotCurves}, as a PNG with two pixels per unit. */
export async function plotCurvesPng(
  log: readonly LogEntry[],
  options?: { title?: string },
): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(plotCurves(log, options)), { density: 144 })
    .png()
    .toBuffer();
}

function panelsOf(log: readonly LogEntry[]): Panel[] {
  const steps = log.filter((entry) => entry.type === "step");
  const validations = log.filter((entry) => entry.type === "validation");
  const ofSteps = (value: (entry: (typeof steps)[number]) => number | null | undefined) =>
    points(steps, value);
  const names = new Set([...validations, ...steps].flatMap(({ metrics }) => Object.keys(metrics)));
  const metricPanels = [...names].map((title) => ({
    title,
    steps: ofSteps(({ metrics, loss }) => metrics[title] ?? (title === "loss" ? loss : null)),
    validations: points(validations, ({ metrics }) => metrics[title]),
  }));
  const loss = { title: "loss", steps: ofSteps((entry) => entry.loss), validations: [] };
  return [
    ...(names.has("loss") ? [] : [loss]),
    ...metricPanels.toSorted((a, b) => Number(b.title === "loss") - Number(a.title === "loss")),
    { title: "learning rate", steps: ofSteps((entry) => entry.learningRate), validations: [] },
    { title: "gradient norm", steps: ofSteps((entry) => entry.gradientNorm), validations: [] },
  ].filter((each) => each.steps.length + each.validations.length > 0);
}

function points<Entry extends { readonly step: number }>(
  entries: readonly Entry[],
  value: (entry: Entry) => number | null | undefined,
): Point[] {
  return entries.flatMap((entry): Point[] => {
    const y = value(entry);
    return y === null || y === undefined || !Number.isFinite(y) ? [] : [[entry.step, y]];
  });
}

function drawPanel({ title, steps, validations }: Panel): string {
  const raw = means(steps, 400);
  const smooth = means(steps, 60);
  const all = [...raw, ...validations];
  const right = panel.width - panel.right;
  const bottom = panel.height - panel.bottom;
  const x = scaleLinear(extent([...steps, ...validations], 0), [panel.left, right]);
  const y = scaleLinear(extent(all, 1), [bottom, panel.top]).nice(5);
  const line = (through: readonly Point[], style: string) =>
    `<polyline points="${through.map(([a, b]) => `${round(x(a))},${round(y(b))}`).join(" ")}" fill="none" stroke-linejoin="round" ${style}/>`;
  const formatX = x.tickFormat(5, "~s");
  const formatY = y.tickFormat(5, "~g");
  const parts = [text(title, panel.left, 20, { size: 13, weight: 600 })];
  for (const tick of y.ticks(5)) {
    const at = round(y(tick));
    parts.push(
      `<line x1="${panel.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#e6e8eb"/>`,
      text(formatY(tick), panel.left - 6, at + 4, { anchor: "end" }),
    );
  }
  for (const tick of x.ticks(5).filter(Number.isInteger)) {
    parts.push(text(formatX(tick), round(x(tick)), bottom + 16, { anchor: "middle" }));
  }
  parts.push(
    `<line x1="${panel.left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${colors.axis}"/>`,
    text("step", right, bottom + 28, { anchor: "end", color: colors.axis }),
    line(raw, `stroke="${colors.steps}" stroke-opacity="0.25"`),
    line(smooth, `stroke="${colors.steps}" stroke-width="1.6"`),
    line(validations, `stroke="${colors.validations}" stroke-width="1.6"`),
    ...validations.map(
      ([a, b]) =>
        `<circle cx="${round(x(a))}" cy="${round(y(b))}" r="2.6" fill="${colors.validations}"/>`,
    ),
  );
  if (steps.length > 0 && validations.length > 0) {
    const key = (label: string, color: string, at: number) =>
      text(label, at, 20, { anchor: "end", color });
    parts.push(
      key("training", colors.steps, right - 66),
      key("validation", colors.validations, right),
    );
  }
  return parts.join("");
}

/** At most `count` points, each the mean of equally many neighbors. */
function means(through: readonly Point[], count: number): Point[] {
  const size = Math.ceil(through.length / count);
  return Array.from({ length: Math.ceil(through.length / size) || 0 }, (_, i): Point => {
    const part = through.slice(i * size, (i + 1) * size);
    const mean = (axis: 0 | 1) => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
    return [mean(0), mean(1)];
  });
}

/** The smallest and largest coordinate; a single value gets some room around it. */
function extent(through: readonly Point[], axis: 0 | 1): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of through) {
    low = Math.min(low, point[axis]);
    high = Math.max(high, point[axis]);
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  return [low - room, high + room];
}

interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  readonly color?: string;
  readonly size?: number;
  readonly weight?: 400 | 600;
}

const anchors = { start: 0, middle: 0.5, end: 1 };

function text(content: string, x: number, y: number, style: TextStyle): string {
  const { anchor = "start", color = colors.text, size = 11, weight = 400 } = style;
  const letters = lettering(weight);
  const left = x - anchors[anchor] * letters.width(content, size);
  const label = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return `<path aria-label="${label}" fill="${color}" d="${letters.outline(content, left, y, size)}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
