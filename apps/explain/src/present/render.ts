import sharp from "sharp";
import { parse, View } from "vega";
import { type Config, compile, type TopLevelSpec } from "vega-lite";
import { measureWithLettering, outlineText } from "./letters.ts";

const ink = "#22262e";
const faint = "#8a8f98";

/** Shared by all plots. */
const config: Config = {
  background: "white",
  padding: 14,
  view: { stroke: null },
  title: { color: ink, fontSize: 15, anchor: "start", fontWeight: 600, offset: 12 },
  axis: {
    labelColor: ink,
    labelFontSize: 11,
    titleColor: faint,
    titleFontSize: 11,
    titleFontWeight: 400,
    gridColor: "#e6e8eb",
    domainColor: faint,
    ticks: false,
    labelPadding: 6,
  },
  axisX: { grid: false },
  header: { labelColor: ink, labelFontSize: 12, labelFontWeight: 600, title: null },
  legend: {
    labelColor: ink,
    labelFontSize: 12,
    symbolStrokeWidth: 2.5,
    symbolSize: 180,
    title: null,
    orient: "top",
  },
  line: { strokeWidth: 1.7, strokeJoin: "round" },
};

/** Renders a Vega-Lite plot as an SVG image with text as outlines. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  measureWithLettering();
  const view = new View(parse(compile(spec, { config }).spec), { renderer: "none" });
  try {
    return outlineText(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Converts an SVG image to a PNG with a palette. */
export async function renderPng(svg: string, pixelsPerUnit = 2): Promise<Buffer> {
  return sharp(Buffer.from(svg), { density: 72 * pixelsPerUnit })
    .png({ palette: true })
    .toBuffer();
}
