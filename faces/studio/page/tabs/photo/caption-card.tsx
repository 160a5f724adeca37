import type { Caption } from "@attend/serve/schemas";
import { useState } from "react";
import { useText } from "../../i18n/index.ts";
import { Chance } from "../../kit/chance.tsx";
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
            words={words.map(({ word }) => word)}
            label={text.photo.words}
            active={active}
            onActive={choose}
          />
        ) : (
          caption.caption
        )}
      </div>
      <Chance value={Math.exp(caption.logProbability)} />
      {caption.alternatives.length > 0 && (
        <div className="stack tight">
          <h2>{text.photo.alternatives}</h2>
          <ol className="alternatives" lang="en">
            {caption.alternatives.map((other) => (
              <li key={other.caption}>
                <span>{other.caption}</span>
                <Chance value={Math.exp(other.logProbability)} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
