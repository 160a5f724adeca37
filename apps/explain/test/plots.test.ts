import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useEngine } from "@attend/test-kit";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GradientStudy, studyGradients } from "../src/index.ts";
import { lossFigure, normFigure, startFigure, throughTimeFigure } from "../src/present/figures.ts";
import { outlineText } from "../src/present/letters.ts";
import { overviewFigure } from "../src/present/overview.ts";
import { renderPng, renderSvg } from "../src/present/render.ts";
import { largest, logAxis, mean, thin } from "../src/present/scales.ts";

useEngine();

const figures = { overviewFigure, startFigure, throughTimeFigure, lossFigure, normFigure };

describe("figures", () => {
  const out = mkdtempSync(join(tmpdir(), "attend-explain-"));
  let study: GradientStudy;
  afterAll(() => rmSync(out, { recursive: true }));
  beforeAll(async () => {
    study = await studyGradients({ lengths: [6, 4], steps: 2, units: 4, out });
  });

  test.each(Object.entries(figures))("%s needs no fonts", async (_, figure) => {
    const svg = await renderSvg(figure(study));
    expect(svg).not.toMatch(/<text|NaN|undefined|Infinity/);
    for (const label of ["GRU", "adding, 4 steps", "copy, 4 steps"]) {
      if (figure !== startFigure || label !== "GRU") expect(svg).toContain(`aria-label="${label}`);
    }
    const { format, width = 0 } = await sharp(await renderPng(svg)).metadata();
    expect({ format, width }).toEqual({ format: "png", width: 2 * widthOf(svg) });
  });

  test("draw vanished, exploded and diverged values at the ends of the axis", async () => {
    const trainings = study.trainings.map((training) => ({
      ...training,
      after: training.after.map(() => 0),
      losses: [1e30],
      gradientNorms: [1e30],
      divergedAt: 2,
    }));
    for (const figure of Object.values(figures)) {
      expect(await renderSvg(figure({ ...study, trainings }))).not.toMatch(/NaN|Infinity/);
    }
  });

  test("keep the order of lengths", async () => {
    const svg = await renderSvg(lossFigure(study));
    expect(svg.indexOf("adding, 6 steps")).toBeLessThan(svg.indexOf("adding, 4 steps"));
  });
});

test("text becomes an outline in its position, and hidden text is removed", () => {
  const text = (attributes: string, label: string) =>
    outlineText(`<svg><text ${attributes}>${label}</text></svg>`);
  const shown = text(
    'text-anchor="end" transform="translate(9,3)" fill="#000" opacity="1"',
    "a &lt; b",
  );
  expect(shown).toMatch(
    /^<svg><path aria-label="a &lt; b" transform="translate\(9,3\)" fill="#000" opacity="1" d="M-\d/,
  );
  expect(text('opacity="0"', "a")).toBe("<svg></svg>");
});

test("a logarithmic axis spans powers of ten, within its limits", () => {
  const lines = (...values: number[]) => [{ points: values.map((y, x) => ({ x, y })) }];
  const ends = { floor: 1e-6, ceiling: 1e6 };
  expect(logAxis(lines(0.02, 3), ends)).toEqual({ domain: [0.01, 10], ticks: [10, 1, 0.1, 0.01] });
  expect(logAxis(lines(0, Number.POSITIVE_INFINITY), ends).domain).toEqual([1e-6, 1e6]);
  expect(logAxis(lines(0, 1e30), ends).ticks).toEqual([1e6, 1e4, 100, 1, 0.01, 1e-4, 1e-6]);
  expect(logAxis(lines(1), ends).domain).toEqual([1, 10]);
  expect(logAxis([], ends).domain[0]).toBeLessThan(logAxis([], ends).domain[1]);
});

test("a curve is thinned to the mean or maximum of neighbors", () => {
  expect(thin([1, 3, 5, 7, 9], 3, mean)).toEqual([
    { x: 1.5, y: 2 },
    { x: 3.5, y: 6 },
    { x: 5, y: 9 },
  ]);
  expect(thin([1, 3, 2], 9, largest).map(({ y }) => y)).toEqual([1, 3, 2]);
  expect(thin([], 9, mean)).toEqual([]);
});

function widthOf(svg: string): number {
  return Number(svg.match(/ width="(\d+)"/)?.[1]);
}
