import type { Translation } from "@attend/serve/schemas";
import { useText } from "../../i18n/index.ts";
import { Chance } from "../../kit/chance.tsx";
import { NBest } from "../../kit/n-best.tsx";

export interface TranslationCardProps {
  readonly model: string;
  /** The translation's language. */
  readonly to: string;
  readonly translation: Translation;
}

/** A translation, and what the search found besides it. */
export function TranslationCard({ model, to, translation }: TranslationCardProps) {
  const text = useText();
  return (
    <section className="card stack" aria-label={text.translate.by(model)}>
      <p className="translation" lang={to}>
        {translation.text}
      </p>
      <div className="buttons">
        <Chance value={Math.exp(translation.logProbability)} />
        <span className="muted small">{model}</span>
        {!translation.confident && <span className="muted small">{text.translate.unsure}</span>}
      </div>
      <NBest
        title={text.translate.others}
        lang={to}
        rows={translation.alternatives.map((other) => [
          other.text,
          text.percent(Math.exp(other.logProbability)),
        ])}
      />
    </section>
  );
}
