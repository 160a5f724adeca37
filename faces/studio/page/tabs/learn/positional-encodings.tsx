import type { FigureData } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { HeatMap } from "./heat-map.tsx";

/** Sines and cosines that tell the positions apart, and how alike two positions are. */
export function PositionalEncodings({ data }: { data: FigureData<"positional-encodings"> }) {
  const { learn } = useText();
  const { encodings, similarities, wavelengths } = data;
  const height = (rows: number) => Math.max(3, Math.min(12, 320 / rows));
  return (
    <>
      <h3>{learn.positions.encodings}</h3>
      <HeatMap
        label={learn.positions.alt(encodings.length, encodings[0]?.length ?? 0)}
        values={encodings}
        rowHeight={height(encodings.length)}
      />
      <p className="muted small">
        {learn.positions.wavelengths(wavelengths.at(0) ?? 0, wavelengths.at(-1) ?? 0)}
      </p>
      <h3>{learn.positions.similarities}</h3>
      <HeatMap
        label={learn.positions.similarities}
        values={similarities}
        rowHeight={height(similarities.length)}
      />
    </>
  );
}
