import { join } from "node:path";
import { writeFileAtomic } from "@attend/runtime/files";
import type { TopLevelSpec } from "vega-lite";
import type { GradientStudy } from "../experiment.ts";
import { lossFigure, normFigure, startFigure, throughTimeFigure } from "./figures.ts";
import { overviewFigure } from "./overview.ts";
import { renderPng, renderSvg } from "./render.ts";

const figures: Readonly<Record<string, (study: GradientStudy) => TopLevelSpec>> = {
  gradients: overviewFigure,
  start: startFigure,
  "through-time": throughTimeFigure,
  loss: lossFigure,
  norm: normFigure,
};

/**
 * Writes a study into a folder: each figure as SVG and PNG, and every number as gradients.json.
 *
 * @returns the file names
 * @throws AttendError WRITE_FAILED
 */
export async function writeStudy(study: GradientStudy, out: string): Promise<string[]> {
  const files: [name: string, content: string | Buffer][] = [];
  for (const [name, figure] of Object.entries(figures)) {
    const svg = await renderSvg(figure(study));
    files.push([`${name}.svg`, svg], [`${name}.png`, await renderPng(svg)]);
  }
  files.push(["gradients.json", `${JSON.stringify(study)}\n`]);
  for (const [name, content] of files) await writeFileAtomic(join(out, name), content);
  return files.map(([name]) => name);
}
