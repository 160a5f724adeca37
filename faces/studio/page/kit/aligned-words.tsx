import "./aligned-words.css";
import type { Alignment } from "@attend/serve/schemas";
import { useLayoutEffect, useRef, useState } from "react";
import { useText } from "../i18n/index.ts";
import { type Line, linesBetween } from "./lines.ts";
import { useWidth } from "./use-width.ts";
import { Words } from "./words.tsx";

export interface AlignedWordsProps {
  readonly alignment: Alignment;
  /** Languages of the two rows. */
  readonly from: string;
  readonly to: string;
}

interface Active {
  readonly side: "source" | "target";
  readonly word: number;
}

/** Two rows of words; lines from the word pointed at to those of the other row, as strong as the attention. */
export function AlignedWords({ alignment, from, to }: AlignedWordsProps) {
  const { weights } = alignment;
  // A token may begin with the space before it.
  const words = { source: alignment.source.map(trim), target: alignment.target.map(trim) };
  const text = useText();
  const [active, setActive] = useState<Active>();
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [frame, width] = useWidth<HTMLDivElement>(600);
  const rows = { source: useRef<HTMLDivElement>(null), target: useRef<HTMLDivElement>(null) };

  const strengths = active && strengthsOf(weights, active);
  useLayoutEffect(() => {
    const [above, below] = [rows.source.current, rows.target.current];
    if (!frame.current || !above || !below) return;
    const boxes = { source: [...above.children], target: [...below.children] };
    const from = (side: Active["side"], word: number, strengths: readonly number[]) =>
      linesBetween(ground, boxes[side][word], boxes[otherThan(side)], strengths);
    const ground = frame.current;
    // At rest, every word of the translation shows its lines, faintly.
    setLines(
      active && strengths
        ? from(active.side, active.word, strengths)
        : weights.flatMap((row, word) => from("target", word, row.map(faint))),
    );
    // The strengths and rows follow from these.
  }, [active, alignment, width]);

  const rowOf = (side: Active["side"], label: string, lang: string) => (
    <Words
      ref={rows[side]}
      words={words[side]}
      label={label}
      lang={lang}
      active={active?.side === side ? active.word : undefined}
      onActive={(word) => setActive(word === undefined ? undefined : { side, word })}
      weights={active?.side === otherThan(side) ? strengths : undefined}
    />
  );

  return (
    <div className="aligned" ref={frame}>
      {rowOf("source", text.translate.sourceWords, from)}
      <svg className="lines" aria-hidden="true">
        {lines.map(({ path, strength }) => (
          <path key={path} d={path} strokeOpacity={strength} strokeWidth={1 + 3 * strength} />
        ))}
      </svg>
      {rowOf("target", text.translate.targetWords, to)}
      <p className="muted small" aria-live="polite">
        {active && strengths
          ? text.translate.attends(
              words[active.side][active.word] ?? "",
              strongest(words[otherThan(active.side)], strengths).map(
                ([word, weight]) => `“${word}” ${text.percent(weight)}`,
              ),
            )
          : text.translate.pointAtWord}
      </p>
    </div>
  );
}

function otherThan(side: Active["side"]): Active["side"] {
  return side === "source" ? "target" : "source";
}

function trim(token: string): string {
  return token.trim();
}

/** Weak ones are left out. */
function faint(weight: number): number {
  return weight < 0.1 ? 0 : 0.4 * weight;
}

/** Of each word on the other side, a row or a column of the attention. */
function strengthsOf(weights: Alignment["weights"], { side, word }: Active): readonly number[] {
  return side === "target" ? (weights[word] ?? []) : weights.map((row) => row[word] ?? 0);
}

function strongest(words: readonly string[], strengths: readonly number[]): [string, number][] {
  return words
    .map((word, i): [string, number] => [word, strengths[i] ?? 0])
    .filter(([, strength]) => strength >= 0.05)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3);
}
