import type { TopLevelSpec } from "vega-lite";
import { exploding } from "../config.ts";
import type { GradientStudy } from "../experiment.ts";
import { chart, type Part } from "./chart.ts";
import { lossEnds, type Panel, panelOf, startColors, throughTimeEnds } from "./figures.ts";
import {
  adamColors,
  baselineColors,
  baselineLine,
  isClipped,
  isTrainedByAdam,
  lossLine,
  startLine,
  throughTimeLines,
} from "./lines.ts";
import { logAxis } from "./scales.ts";

const explodedEnds = { floor: 1e-4, ceiling: 1e6 };
const clippingColors = { "not clipped": "#9a6700", clipped: "#4269d0" };

/** Everything at one length, the median of the study's, from top to bottom, with a column for each task. */
export function overviewFigure(study: GradientStudy): TopLevelSpec {
  const { tasks, lengths, steps } = study.options;
  const length = lengths.toSorted((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)] ?? 0;
  const columns = tasks.map((task) => columnOf(panelOf(study, task, length), steps));
  const rows = columns[0]?.map((_, row) => columns.flatMap((column) => column[row] ?? [])) ?? [];
  return {
    columns: tasks.length,
    spacing: { row: 22, column: 30 },
    resolve: { scale: { color: "independent" }, legend: { color: "independent" } },
    concat: rows.flat(),
  };
}

function columnOf({ task, length, starts, trainings }: Panel, updates: number): Part[] {
  const selected = trainings.filter((each) => isTrainedByAdam(each) && isClipped(each));
  const start = starts.map(startLine);
  const after = selected.flatMap((each) => throughTimeLines(each).slice(0, 1));
  const baseline = baselineLine(trainings[0]?.baseline ?? Number.NaN, updates);
  const losses = [baseline, ...selected.map(lossLine)];
  const exploded = trainings
    .filter(({ network }) => network === exploding.name)
    .map(lossLine)
    .map(({ dash = "", points }) => ({ name: dash, points }));
  const throughTime = { x: "step", y: "|dL/dh|" };
  const setting = `${task}, ${length} steps`;
  return [
    chart(start, {
      ...throughTime,
      title: `${setting}: vanilla, before training`,
      axis: logAxis(start, throughTimeEnds),
      colors: startColors,
    }),
    chart(after, {
      ...throughTime,
      title: `${setting}: after training`,
      axis: logAxis(after, throughTimeEnds),
      colors: adamColors,
    }),
    chart(losses, {
      title: `${setting}: loss`,
      x: "update",
      y: "loss",
      axis: logAxis(losses, lossEnds),
      colors: { ...adamColors, ...baselineColors },
    }),
    chart([baseline, ...exploded], {
      title: `${setting}: ${exploding.name}`,
      x: "update",
      y: "loss",
      axis: logAxis([baseline, ...exploded], explodedEnds),
      colors: { ...clippingColors, ...baselineColors },
    }),
  ];
}
