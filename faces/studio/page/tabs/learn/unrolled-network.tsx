import type { FigureData } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { LineChart } from "../../kit/line-chart.tsx";
import { useWidth } from "../../kit/use-width.ts";
import { Wide } from "../../kit/wide.tsx";

const layers = { input: 250, hidden: 130, output: 40 };

/** A vanilla network on a word, a column a step: what it reads, its units, what it expects next. */
export function UnrolledNetwork({ data }: { data: FigureData<"unrolled-network"> }) {
  const { learn, percent } = useText();
  const { steps, letters, losses, written } = data;
  const [frame, width] = useWidth<HTMLElement>(600);
  const column = Math.max(64, width / steps.length);
  const units = steps[0]?.hidden.length ?? 0;
  const radius = Math.min(11, 44 / units);
  const x = (step: number) => (step + 0.5) * column;
  return (
    <>
      <Wide ref={frame} label={learn.picture}>
        <svg
          width={column * steps.length}
          height={275}
          role="img"
          aria-label={learn.unrolled.alt(
            steps.map(({ input, target, predictions }) => {
              return `${input} → ${target} ${percent(predictions[letters.indexOf(target)] ?? 0)}`;
            }),
          )}
        >
          {steps.map(({ input, target, hidden, predictions }, i) => {
            const chance = predictions[letters.indexOf(target)] ?? 0;
            return (
              <g key={`${i}${input}`} transform={`translate(${x(i)} 0)`}>
                <path
                  className="arrow"
                  d={`M0 ${layers.input - 22}V${layers.hidden + 62}M0 ${layers.hidden - 56}V${layers.output + 26}${i > 0 ? `M${18 - column} ${layers.hidden}H-20` : ""}`}
                />
                {hidden.map((value, unit) => (
                  <circle
                    key={`unit ${unit + 1}`}
                    cy={layers.hidden + (unit - (units - 1) / 2) * (2 * radius + 3)}
                    r={radius}
                    fill={value < 0 ? "var(--second)" : "var(--glow)"}
                    fillOpacity={Math.abs(value)}
                    stroke="var(--line-strong)"
                  />
                ))}
                <text className="letter" y={layers.input} textAnchor="middle">
                  {input}
                </text>
                <rect
                  className="chance-ground"
                  x={-24}
                  y={layers.output}
                  width={48}
                  height={6}
                  rx={3}
                />
                <rect
                  className="chance-bar"
                  x={-24}
                  y={layers.output}
                  width={48 * chance}
                  height={6}
                  rx={3}
                />
                <text className="letter" y={layers.output - 12} textAnchor="middle">
                  {target}
                </text>
                <text y={layers.output + 20} textAnchor="middle">
                  {percent(chance)}
                </text>
              </g>
            );
          })}
        </svg>
      </Wide>
      <p className="muted">{learn.unrolled.writes(written)}</p>
      <LineChart
        height={170}
        label={learn.lossAlt(losses.at(0) ?? 0, losses.at(-1) ?? 0)}
        series={[{ name: learn.loss, points: losses.map((loss, i) => [i, loss] as const) }]}
        xLabel={learn.update}
        yLabel={learn.loss}
      />
    </>
  );
}
