import type { FigureData } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { LineChart, type Series } from "../../kit/line-chart.tsx";

type Curve = readonly (number | null)[];

/** What explodes leaves the picture here, so that the rest is seen. */
const highest = 1e4;

/** How much of the gradient comes through to each step, and what clipping does for the training. */
export function GradientThroughTime({ data }: { data: FigureData<"gradient-through-time"> }) {
  const { learn } = useText();
  const { starts, networks, baseline } = data;
  const kinds = [...new Set(networks.map(({ name }) => name))];
  const byNetwork = (curve: "after" | "gradientNorms" | "losses") =>
    networks.map(({ name, clipNorm, ...curves }) => ({
      name: learn.gradient.network(name, clipNorm),
      color: kinds.indexOf(name),
      isDashed: clipNorm === null,
      points: pointsOf(curves[curve]),
    }));
  const chart = (title: string, series: readonly Series[], xLabel: string, yLabel: string) => (
    <div className="stack tight">
      <h3>{title}</h3>
      <LineChart
        label={series.map(({ name, points }) => learn.gradient.alt(name, points)).join(". ")}
        isLogarithmic
        height={210}
        series={series}
        xLabel={xLabel}
        yLabel={yLabel}
      />
    </div>
  );
  const untrained = starts.map(({ scale, norms }) => {
    return { name: learn.gradient.scale(scale), points: pointsOf(norms) };
  });
  const { norm } = learn.gradient;
  return (
    <>
      {chart(learn.gradient.untrained, untrained, learn.step, norm)}
      {chart(learn.gradient.trained, byNetwork("after"), learn.step, norm)}
      {chart(learn.gradient.updates, byNetwork("gradientNorms"), learn.update, norm)}
      {chart(learn.gradient.losses(baseline), byNetwork("losses"), learn.update, learn.loss)}
      {networks.flatMap(({ name, clipNorm, divergedAt }) =>
        divergedAt === null
          ? []
          : [
              <p key={`${name} ${clipNorm}`} className="muted small">
                {learn.gradient.diverged(learn.gradient.network(name, clipNorm), divergedAt)}
              </p>,
            ],
      )}
    </>
  );
}

function pointsOf(curve: Curve): Series["points"] {
  return curve.map((y, x) => [x, y !== null && y > highest ? null : y] as const);
}
