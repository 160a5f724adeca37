import { useText } from "../../i18n/index.ts";
import type { Sound } from "./sound.ts";

export interface WaveFormProps {
  readonly sound: Sound;
  /** Where somebody speaks, in seconds. */
  readonly stretches: readonly { readonly start: number; readonly length: number }[];
}

/** The recording's loudness over time, with the stretches of speech in color. */
export function WaveForm({ sound, stretches }: WaveFormProps) {
  const text = useText();
  const { peaks, length } = sound;
  const loudest = Math.max(...peaks, 0.05);
  const speaks = (part: number) => {
    const at = ((part + 0.5) / peaks.length) * length;
    return stretches.some(({ start, length: long }) => at >= start && at < start + long);
  };
  const path = (parts: (part: number) => boolean) =>
    peaks
      .map((peak, i) => {
        const height = Math.max(1, (46 * peak) / loudest);
        return parts(i) ? `M${i + 0.5} ${50 - height}v${2 * height}` : "";
      })
      .join("");
  return (
    <svg
      className="wave"
      viewBox={`0 0 ${peaks.length} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text.talk.wave(length, stretches.length)}
    >
      <path d={path((part) => !speaks(part))} stroke="var(--line-strong)" />
      <path d={path(speaks)} stroke="var(--accent)" />
    </svg>
  );
}
