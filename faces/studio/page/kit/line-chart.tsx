import { scaleLinear, scaleLog } from "d3-scale";
import { useWidth } from "./use-width.ts";
import "./line-chart.css";

export interface Series {
  readonly name: string;
  /** x and y; nothing is drawn where y is not finite. */
  readonly points: readonly (readonly [number, number | null])[];
  /** Which of the five colors; default: one after the other. */
  readonly color?: number;
  readonly isDashed?: boolean;
}

export interface LineChartProps {
  /** What a screen reader says in its place. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly height?: number;
  /** Powers of ten are as far apart as each other. */
  readonly isLogarithmic?: boolean;
  readonly yDomain?: readonly [number, number];
}

const margin = { top: 12, right: 12, bottom: 40, left: 52 };

/** Lines over a common axis. */
export function LineChart(props: LineChartProps) {
  const { label, series, xLabel, yLabel, height = 240, isLogarithmic = false, yDomain } = props;
  const [frame, width] = useWidth<HTMLDivElement>(600);
  const shown = series.map((each) =>
    each.points.flatMap(([x, y]) => plottable(x, y, isLogarithmic)),
  );
  const xs = shown.flat().map(([x]) => x);
  const ys = shown.flat().map(([, y]) => y);
  const x = scaleLinear(rangeOf(xs), [margin.left, width - margin.right]);
  const y = (isLogarithmic ? scaleLog : scaleLinear)(
    [...(yDomain ?? rangeOf(ys, isLogarithmic))],
    [height - margin.bottom, margin.top],
  ).nice(5);
  return (
    <figure className="line-chart" ref={frame}>
      <svg width={width} height={height} role="img" aria-label={label}>
        {y.ticks(5).map((tick) => (
          <g key={tick}>
            <line
              className="rule"
              x1={margin.left}
              x2={width - margin.right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => (
          <text key={tick} x={x(tick)} y={height - margin.bottom + 18} textAnchor="middle">
            {tick.toLocaleString()}
          </text>
        ))}
        <text x={width - margin.right} y={height - 4} textAnchor="end">
          {xLabel}
        </text>
        <text x={margin.left} y={height - 4}>
          {yLabel}
        </text>
        {shown.map((points, i) => (
          <path
            key={series[i]?.name}
            className={classesOf("line", series[i], i)}
            d={points
              .map(([px, py], j) => `${j ? "L" : "M"}${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
              .join("")}
          />
        ))}
      </svg>
      {series.length > 1 && (
        <figcaption className="legend small">
          {series.map((each, i) => (
            <span key={each.name}>
              <span className={classesOf("swatch", each, i)} />
              {each.name}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}

function plottable(x: number, y: number | null, isLogarithmic: boolean): [number, number][] {
  return y !== null && Number.isFinite(y) && (!isLogarithmic || y > 0) ? [[x, y]] : [];
}

/** With some room where all values are the same. */
function rangeOf(values: readonly number[], isLogarithmic = false): [number, number] {
  if (values.length === 0) return isLogarithmic ? [0.1, 1] : [0, 1];
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  if (least < most) return [least, most];
  return isLogarithmic ? [least / 2, most * 2] : [least - 0.5, most + 0.5];
}

function classesOf(part: string, series: Series | undefined, index: number): string {
  const color = (series?.color ?? index) % 5;
  return `${part} color-${color}${series?.isDashed ? " dashed" : ""}`;
}

function format(tick: number): string {
  const size = Math.abs(tick);
  const isUsual = size === 0 || (size >= 1e-3 && size < 1e5);
  return isUsual ? String(Number(tick.toPrecision(6))) : tick.toExponential(0).replace("+", "");
}
