import type { TopLevelSpec } from "vega-lite";
import { startScales } from "../config.ts";
import type { GradientStudy, Measured, Start } from "../experiment.ts";
import { type ChartStyle, chart, type Line } from "./chart.ts";
import {
  adamColors,
  baselineColors,
  baselineLine,
  clippings,
  isClipped,
  isTrainedByAdam,
  lossLine,
  networkColors,
  normLine,
  phases,
  startLine,
  startName,
  throughTimeLines,
} from "./lines.ts";
import { logAxis } from "./scales.ts";

/** The limits of the axes; a gradient can exceed them by far. */
export const throughTimeEnds = { floor: 1e-12, ceiling: 1e12 };
export const lossEnds = { floor: 1e-4, ceiling: 10 };
const normEnds = { floor: 1e-3, ceiling: 1e9 };

const startShades = ["#f2b08a", "#d9480f", "#8f2d06", "#3d1302"];
export const startColors = Object.fromEntries(
  startScales.map((scale, i) => [startName(scale), startShades[i] ?? ""]),
);
const lossColors = { ...networkColors, ...baselineColors };

/** The part of a study for one task and length. */
export interface Panel {
  readonly task: string;
  readonly length: number;
  readonly starts: readonly Start[];
  readonly trainings: readonly Measured[];
}

interface Figure {
  readonly title: string;
  readonly style: Omit<ChartStyle, "axis">;
  readonly ends: { readonly floor: number; readonly ceiling: number };
  lines(panel: Panel): Line[];
}

/** Vanilla networks before any training. */
export function startFigure(study: GradientStudy): TopLevelSpec {
  return grid(study, {
    title: "|dL/dh| before training, by the scale of a vanilla network's orthogonal weights",
    style: { x: "step", y: "|dL/dh|", colors: startColors },
    ends: throughTimeEnds,
    lines: ({ starts }) => starts.map(startLine),
  });
}

/** `|dL/dh_t|` before and after training with clipped gradients. */
export function throughTimeFigure(study: GradientStudy): TopLevelSpec {
  return grid(study, {
    title: "How much of the final loss reaches each step: |dL/dh|",
    style: { x: "step", y: "|dL/dh|", colors: adamColors, dashes: phases },
    ends: throughTimeEnds,
    lines: ({ trainings }) =>
      trainings
        .filter((each) => isTrainedByAdam(each) && isClipped(each))
        .flatMap(throughTimeLines),
  });
}

export function lossFigure(study: GradientStudy): TopLevelSpec {
  return grid(study, {
    title: "Loss, with and without clipping",
    style: { x: "update", y: "loss", colors: lossColors, dashes: clippings },
    ends: lossEnds,
    lines: ({ trainings }) => [
      baselineLine(trainings[0]?.baseline ?? Number.NaN, study.options.steps),
      ...trainings.map(lossLine),
    ],
  });
}

/** The gradient's norm before clipping. */
export function normFigure(study: GradientStudy): TopLevelSpec {
  return grid(study, {
    title: "Norm of the gradient of all weights, before clipping",
    style: { x: "update", y: "norm", colors: networkColors, dashes: clippings },
    ends: normEnds,
    lines: ({ trainings }) => trainings.map(normLine),
  });
}

export function panelOf(study: GradientStudy, task: string, length: number): Panel {
  const matches = (each: Start | Measured) => each.task === task && each.length === length;
  return {
    task,
    length,
    starts: study.starts.filter(matches),
    trainings: study.trainings.filter(matches),
  };
}

/** A row with a shared axis for each task, and a column for each length. */
function grid(study: GradientStudy, { title, style, ends, lines }: Figure): TopLevelSpec {
  const { tasks, lengths } = study.options;
  return {
    title,
    spacing: 24,
    vconcat: tasks.map((task) => {
      const panels = lengths.map((length) => panelOf(study, task, length));
      const axis = logAxis(panels.flatMap(lines), ends);
      return {
        spacing: 18,
        hconcat: panels.map((panel, i) =>
          chart(lines(panel), {
            ...style,
            title: `${task}, ${panel.length} steps`,
            y: i === 0 ? style.y : undefined,
            axis,
          }),
        ),
      };
    }),
  };
}
