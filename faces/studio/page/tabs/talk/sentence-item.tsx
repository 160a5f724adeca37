import { Button } from "react-aria-components";
import { useText } from "../../i18n/index.ts";
import type { Sentence } from "./sentences.ts";

export interface SentenceItemProps {
  readonly sentence: Sentence;
  readonly from: string;
  readonly to: string;
  readonly onPlay: (wav: string) => void;
}

/** A sentence, stage by stage. */
export function SentenceItem({ sentence, from, to, onPlay }: SentenceItemProps) {
  const { talk } = useText();
  const { start, heard, repaired, translated, spoken } = sentence;
  const isChanged = repaired && repaired.changes.length > 0;
  return (
    <li className="sentence">
      <span className="muted small number">{talk.at(start)}</span>
      <dl>
        {heard && (
          <div>
            <dt>{talk.stages.heard}</dt>
            <dd lang={from}>{heard.text}</dd>
          </div>
        )}
        {repaired && repaired.text !== heard?.text && (
          <div>
            <dt>{talk.stages.repaired}</dt>
            <dd lang={from}>
              {repaired.text}
              {isChanged && (
                <details className="small muted">
                  <summary>{talk.changes(repaired.changes.length)}</summary>
                  <ul>
                    {repaired.changes.map((change) => (
                      <li key={change.start}>
                        {change.from || "∅"} → {change.to || "∅"}: {change.reason}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </dd>
          </div>
        )}
        {translated && (
          <div>
            <dt>{talk.stages.translated}</dt>
            <dd className="told" lang={to}>
              {translated.text}
            </dd>
          </div>
        )}
      </dl>
      {spoken && (
        <Button className="button plain" onPress={() => onPlay(spoken.wav)}>
          {talk.play}
        </Button>
      )}
    </li>
  );
}
