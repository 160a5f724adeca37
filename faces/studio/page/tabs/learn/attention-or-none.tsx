import type { FigureData } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { AlignedWords } from "../../kit/aligned-words.tsx";
import { LineChart } from "../../kit/line-chart.tsx";
import { HeatMap } from "./heat-map.tsx";

/** What attention is for: without it, the longer a sequence, the more of it is forgotten. */
export function AttentionOrNone({ data }: { data: FigureData<"attention-or-none"> }) {
  const { learn, percent } = useText();
  const { alignment, copying } = data;
  const by = (curve: readonly number[]) =>
    curve.map((share, i) => [copying.lengths[i] ?? i, share] as const);
  const last = (curve: readonly number[]) => percent(curve.at(-1) ?? 0);
  return (
    <>
      <h3>{learn.attention.copying(copying.learned)}</h3>
      <LineChart
        label={learn.attention.alt(last(copying.attention), last(copying.none))}
        series={[
          { name: learn.attention.with, points: by(copying.attention) },
          { name: learn.attention.without, points: by(copying.none) },
        ]}
        yDomain={[0, 1]}
        xLabel={learn.attention.length}
        yLabel={learn.attention.share}
      />
      <h3>{learn.attention.where}</h3>
      <HeatMap
        label={learn.attention.where}
        values={copying.alignment.weights}
        rows={copying.alignment.target}
        columns={copying.alignment.source}
      />
      <h3>{learn.attention.translation}</h3>
      <AlignedWords alignment={alignment} from="en" to="de" />
    </>
  );
}
