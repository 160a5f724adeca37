import "./chance.css";
import { useText } from "../i18n/index.ts";

/** A probability as a small bar and a percentage. */
export function Chance({ value }: { value: number }) {
  const { percent } = useText();
  return (
    <span className="chance">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="8" rx="4" fill="var(--line)" />
        <rect width={Math.max(2, 100 * value)} height="8" rx="4" fill="var(--accent)" />
      </svg>
      <span className="number">{percent(value)}</span>
    </span>
  );
}
