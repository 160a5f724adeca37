import type { FigureData } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { NBest } from "../../kit/n-best.tsx";
import { Wide } from "../../kit/wide.tsx";
import { layOut } from "./tree-layout.ts";

const size = { column: 112, row: 21, margin: 16 };

/** What a beam search looked at: what it followed, what it dropped, and what it found. */
export function BeamTree({ data }: { data: FigureData<"beam-search"> }) {
  const { learn, percent } = useText();
  const { nodes, hypotheses } = data;
  const { rows, count } = layOut(nodes);
  const x = (node: number) => size.margin + (nodes[node]?.step ?? 0) * size.column;
  const y = (node: number) => size.margin + (rows[node] ?? 0) * size.row;
  const best = new Set(ancestorsOf(nodes, hypotheses[0]?.node));
  const steps = Math.max(...nodes.map(({ step }) => step));
  return (
    <>
      <Wide label={learn.picture}>
        <svg
          className="tree"
          width={2 * size.margin + (steps + 1) * size.column}
          height={2 * size.margin + count * size.row}
          role="img"
          aria-label={learn.beam.alt(
            nodes.length,
            hypotheses.map(({ text }) => text),
          )}
        >
          {nodes.map(({ parent }, i) =>
            parent === null ? null : (
              <path
                key={`to ${i}`}
                className={best.has(i) ? "edge best" : "edge"}
                d={`M${x(parent) + 82} ${y(parent)}C${x(parent) + 96} ${y(parent)} ${x(i) - 26} ${y(i)} ${x(i) - 6} ${y(i)}`}
              />
            ),
          )}
          {nodes.map(({ token, probability, fate }, i) => (
            <g
              key={`node ${i}`}
              className={`node ${fate}`}
              transform={`translate(${x(i)} ${y(i)})`}
            >
              <text dy="0.32em">
                {token}
                {i > 0 && (
                  <tspan className="probability" dx="6">
                    {percent(probability)}
                  </tspan>
                )}
              </text>
            </g>
          ))}
        </svg>
      </Wide>
      <NBest lang="de" rows={hypotheses.map(({ text, score }) => [text, score.toFixed(2)])} />
    </>
  );
}

function ancestorsOf(
  nodes: readonly { parent: number | null }[],
  from: number | undefined,
): number[] {
  const parent = from === undefined ? null : (nodes[from]?.parent ?? null);
  return from === undefined ? [] : [from, ...ancestorsOf(nodes, parent ?? undefined)];
}
