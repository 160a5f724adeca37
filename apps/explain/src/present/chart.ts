import type { TopLevelSpec } from "vega-lite";
import type { LogAxis, Point } from "./scales.ts";

/** A part of a plot, to be placed beside or below others. */
export type Part = Extract<TopLevelSpec, { hconcat: unknown }>["hconcat"][number];

export interface Line {
  readonly name: string;
  /** One of the chart's dashes, if it has any. */
  readonly dash?: string;
  readonly points: readonly Point[];
}

export interface ChartStyle {
  readonly title?: string;
  readonly x: string;
  /** Absent beside a chart with the same axis. */
  readonly y?: string | undefined;
  readonly axis: LogAxis;
  /** Names of the lines in the order of the legend, with their colors. */
  readonly colors: Readonly<Record<string, string>>;
  /** The meanings of solid and dashed lines. */
  readonly dashes?: readonly [string, string];
}

/** Lines on a logarithmic axis. Values outside of it, including 0, are drawn at its ends. */
export function chart(lines: readonly Line[], style: ChartStyle): Part {
  const { title, x, y, axis, colors, dashes } = style;
  const [low] = axis.domain;
  const values = lines.flatMap(({ points, ...line }) =>
    points
      .filter((point) => Number.isFinite(point.y))
      // Vega skips the logarithm of 0.
      .map((point) => ({ ...line, x: point.x, y: Math.max(point.y, low) })),
  );
  return {
    ...(title !== undefined && { title: { text: title, fontSize: 12, offset: 8 } }),
    width: 250,
    height: 165,
    data: { values },
    mark: { type: "line", clip: true },
    encoding: {
      x: { field: "x", type: "quantitative", title: x, axis: { tickCount: 5 } },
      y: {
        field: "y",
        type: "quantitative",
        title: y ?? null,
        scale: { type: "log", domain: axis.domain, clamp: true },
        axis: { values: axis.ticks, format: ".0e" },
      },
      color: {
        field: "name",
        type: "nominal",
        scale: { domain: Object.keys(colors), range: Object.values(colors) },
      },
      ...(dashes && {
        strokeDash: {
          field: "dash",
          type: "nominal",
          scale: {
            domain: [...dashes],
            range: [
              [1, 0],
              [5, 3],
            ],
          },
        },
      }),
    },
  };
}
