import type { Caption } from "@attend/serve/schemas";
import { useState } from "react";
import { useText } from "../../i18n/index.ts";
import { NBest } from "../../kit/n-best.tsx";
import { Words } from "../../kit/words.tsx";
import type { Region } from "./lit-photo.tsx";

export interface CaptionCardProps {
  readonly caption: Caption;
  readonly onRegion: (region: Region | undefined) => void;
}

/** The caption, whose words light their regions, and what the model would have said otherwise. */
export function CaptionCard({ caption, onRegion }: CaptionCardProps) {
  const text = useText();
  const [active, setActive] = useState<number>();
  const words = caption.words ?? [];
  const choose = (index: number | undefined) => {
    setActive(index);
    const word = index === undefined ? undefined : words[index];
    onRegion(word && { label: word.word, weights: word.attention });
  };
  return (
    <section className="card stack" aria-label={text.photo.caption}>
      <div className="caption" lang="en">
        {words.length > 0 ? (
          <Words
            words={words.map(({ word }, i) => (i === 0 ? capitalized(word) : word))}
            label={text.photo.words}
            active={active}
            onActive={choose}
          />
        ) : (
          caption.caption
        )}
      </div>
      <p className="muted small">
        {text.photo.chance(text.percent(Math.exp(caption.logProbability)))}
      </p>
      <NBest
        title={text.photo.alternatives}
        lang="en"
        rows={caption.alternatives.map((other) => [
          other.caption,
          text.percent(Math.exp(other.logProbability)),
        ])}
      />
    </section>
  );
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
