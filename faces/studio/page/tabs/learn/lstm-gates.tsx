import type { FigureData } from "@attend/serve/schemas";
import { useState } from "react";
import { useText } from "../../i18n/index.ts";
import { Choice } from "../../kit/choice.tsx";
import { Wide } from "../../kit/wide.tsx";
import { HeatMap, printable } from "./heat-map.tsx";

const signals = ["forget", "input", "output", "candidate", "cell", "hidden"] as const;
type Signal = (typeof signals)[number];

/** The gates and the cells of some units, a column a character. */
export function LstmGates({ data }: { data: FigureData<"lstm-gates"> }) {
  const { learn, percent } = useText();
  const { characters, units, means, predictions } = data;
  const [signal, setSignal] = useState<Signal>("cell");
  const [at, setAt] = useState<number>();
  // A cell has no bounds: it is shown by its tanh, as the output gate sees it.
  const shown = units.map((unit) => (signal === "cell" ? unit.cell.map(Math.tanh) : unit[signal]));
  const names = units.map(({ unit }) => String(unit));
  const here = at ?? characters.length - 1;
  return (
    <>
      <Choice
        label={learn.gates.show}
        options={signals.map((value) => ({ value, label: learn.gates.signals[value] }))}
        value={signal}
        onChange={setSignal}
      />
      <Wide label={learn.picture}>
        <div className="at-least" data-columns={characters.length > 40 ? "many" : "few"}>
          <HeatMap
            label={learn.gates.alt(learn.gates.signals[signal], units.length, characters.length)}
            values={shown}
            rows={names}
            columns={characters}
            onColumn={setAt}
          />
          <h3>{learn.gates.means}</h3>
          <HeatMap
            label={learn.gates.means}
            values={[means.forget, means.input, means.output]}
            rows={["f", "i", "o"]}
            columns={characters}
            onColumn={setAt}
          />
        </div>
      </Wide>
      <p className="muted small">
        {learn.gates.next(
          printable(characters[here] ?? ""),
          (predictions[here] ?? []).map(
            ({ character, probability }) => `${printable(character)} ${percent(probability)}`,
          ),
        )}
      </p>
    </>
  );
}
