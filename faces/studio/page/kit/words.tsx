import "./words.css";
import { type CSSProperties, type KeyboardEvent, type Ref, useRef } from "react";

export interface WordsProps {
  readonly words: readonly string[];
  readonly label: string;
  /** The word that the pointer or the focus is on. */
  readonly active: number | undefined;
  readonly onActive: (word: number | undefined) => void;
  /** Of each word, from 0 to 1: how much it is lit. */
  readonly weights?: readonly number[] | undefined;
  readonly lang?: string | undefined;
  readonly ref?: Ref<HTMLDivElement>;
}

/** Words one can point at, or walk through with the arrow keys. */
export function Words({ words, label, active, onActive, weights, lang, ref }: WordsProps) {
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") onActive(undefined);
    const to = targetOf(event.key, active ?? 0, words.length);
    if (to === undefined) return;
    event.preventDefault();
    buttons.current[to]?.focus();
  };
  return (
    <div
      className="words"
      role="toolbar"
      aria-label={label}
      lang={lang}
      ref={ref}
      onKeyDown={move}
      onPointerLeave={() => onActive(undefined)}
    >
      {words.map((word, i) => (
        <button
          key={i}
          type="button"
          ref={(button) => {
            buttons.current[i] = button;
          }}
          className={i === active ? "word active" : "word"}
          style={lit(weights?.[i] ?? 0)}
          tabIndex={i === (active ?? 0) ? 0 : -1}
          aria-pressed={i === active}
          onPointerEnter={() => onActive(i)}
          onFocus={() => onActive(i)}
          onClick={() => onActive(i)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

function targetOf(key: string, from: number, length: number): number | undefined {
  const last = length - 1;
  switch (key) {
    case "ArrowRight":
      return Math.min(last, from + 1);
    case "ArrowLeft":
      return Math.max(0, from - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}

interface LitStyle extends CSSProperties {
  "--weight": string;
}

function lit(weight: number): LitStyle {
  return { "--weight": weight.toFixed(3) };
}
