import "./n-best.css";

export interface NBestProps {
  readonly title?: string;
  /** Best first: a text, and a figure that says how good it is. */
  readonly rows: readonly (readonly [text: string, figure: string])[];
  readonly lang: string;
}

/** What a search found, best first; nothing if it found nothing. */
export function NBest({ title, rows, lang }: NBestProps) {
  if (rows.length === 0) return null;
  return (
    <div className="stack tight">
      {title && <h2>{title}</h2>}
      <ol className="n-best" lang={lang}>
        {rows.map(([text, figure], i) => (
          <li key={i}>
            <span>{text}</span>
            <span className="muted small number">{figure}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
