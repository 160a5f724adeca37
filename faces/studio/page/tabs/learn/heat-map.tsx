import { useWidth } from "../../kit/use-width.ts";

export interface HeatMapProps {
  /** What a screen reader says in its place. */
  readonly label: string;
  /** From -1 to 1: negative ones in one color, positive ones in another, as strong as they are large. */
  readonly values: readonly (readonly number[])[];
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  /** Pixels. */
  readonly rowHeight?: number;
  readonly onColumn?: (column: number | undefined) => void;
}

/** Numbers as colored cells. */
export function HeatMap(props: HeatMapProps) {
  const { label, values, rows = [], columns = [], rowHeight = 18, onColumn } = props;
  const [frame, width] = useWidth<HTMLDivElement>(600);
  const left = rows.length > 0 ? 8 + 7.2 * Math.max(3, ...rows.map((row) => row.length)) : 0;
  const top = columns.length > 0 ? 20 : 0;
  const count = values[0]?.length ?? 1;
  const cell = (width - left) / count;
  return (
    <div ref={frame} className="heat-map">
      <svg width={width} height={top + rowHeight * values.length} role="img" aria-label={label}>
        <g onPointerLeave={() => onColumn?.(undefined)}>
          {columns.map((column, j) => (
            <text key={`${j}${column}`} x={left + (j + 0.5) * cell} y={13} textAnchor="middle">
              {printable(column)}
            </text>
          ))}
          {values.map((row, i) => (
            <g key={rows[i] ?? i} transform={`translate(${left} ${top + i * rowHeight})`}>
              {rows[i] !== undefined && (
                <text x={-8} y={rowHeight / 2} dy="0.32em" textAnchor="end">
                  {printable(rows[i])}
                </text>
              )}
              {row.map((value, j) => (
                <rect
                  // A cell has no name but its place.
                  key={`${i}-${j}`}
                  x={j * cell}
                  width={Math.max(0.5, cell - (cell > 5 ? 1 : 0))}
                  height={Math.max(0.5, rowHeight - (rowHeight > 5 ? 1 : 0))}
                  fill={value < 0 ? "var(--second)" : "var(--glow)"}
                  fillOpacity={Math.min(1, Math.abs(value))}
                  onPointerEnter={() => onColumn?.(j)}
                />
              ))}
            </g>
          ))}
        </g>
      </svg>
    </div>
  );
}

/** A line break and a space as signs. */
export function printable(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll(" ", "␣");
}
