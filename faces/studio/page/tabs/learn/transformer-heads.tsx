import type { FigureData } from "@attend/serve/schemas";
import { useState } from "react";
import { useText } from "../../i18n/index.ts";
import { AlignedWords } from "../../kit/aligned-words.tsx";
import { Choice } from "../../kit/choice.tsx";
import { MiniMap } from "./mini-map.tsx";

const kinds = ["cross", "encoder"] as const;

/** Every head of every layer in small, and the one chosen between the words. */
export function TransformerHeads({ data }: { data: FigureData<"transformer-heads"> }) {
  const { learn } = useText();
  const { source, target, translation } = data;
  const [kind, setKind] = useState<(typeof kinds)[number]>("cross");
  const [[layer, head], setChosen] = useState([0, 0]);
  const chosen = data[kind][layer]?.[head] ?? [];
  return (
    <>
      <p lang="de" className="translation">
        {translation}
      </p>
      <Choice
        label={learn.heads.show}
        options={kinds.map((value) => ({ value, label: learn.heads.kinds[value] }))}
        value={kind}
        onChange={setKind}
      />
      <div className="heads">
        {data[kind].map((heads, i) => (
          <div key={learn.heads.layer(i + 1)} className="layer">
            <span className="muted small">{learn.heads.layer(i + 1)}</span>
            {heads.map((weights, j) => (
              <button
                key={learn.heads.head(i + 1, j + 1)}
                type="button"
                className="head"
                aria-pressed={i === layer && j === head}
                aria-label={learn.heads.head(i + 1, j + 1)}
                onClick={() => setChosen([i, j])}
              >
                <MiniMap weights={weights} />
              </button>
            ))}
          </div>
        ))}
      </div>
      <h3>{learn.heads.head((layer ?? 0) + 1, (head ?? 0) + 1)}</h3>
      <AlignedWords
        alignment={{ source, target: kind === "cross" ? target : source, weights: chosen }}
        from="en"
        to={kind === "cross" ? "de" : "en"}
      />
    </>
  );
}
