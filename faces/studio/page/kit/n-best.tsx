import "./n-best.css";

export interface NBestProps {
  /** Best first: a text, and a figure that says how good it is. */
  readonly rows: readonly (readonly [text: string, figure: string])[];
  readonly lang: string;
}

/** What a search found, best first. */
export function NBest({ rows, lang }: NBestProps) {
  return (
    <ol className="n-best" lang={lang}>
      {rows.map(([text, figure], i) => (
        <li key={i}>
          <span>{text}</span>
          <span className="muted small number">{figure}</span>
        </li>
      ))}
    </ol>
  );
}
