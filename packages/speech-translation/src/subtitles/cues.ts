import { wrapBalanced } from "./wrap.ts";

/** What is shown at a time. */
export interface Cue {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** A text and when it is said, in seconds. */
export interface TimedText {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The usual limits of subtitles. */
const [maxLines, minSeconds] = [2, 1];

/**
 * Subtitles of texts, in order: at most two lines of 42 columns at a time (an ideograph or kana takes two), each for at
 * least a second and none before the one before has ended. A longer text is shown in parts, each for its share of the time.
 */
export function cuesOf(texts: readonly TimedText[]): Cue[] {
  const cues: Cue[] = [];
  let free = 0;
  for (const { start, end, text } of texts) {
    const lines = wrapBalanced(text);
    const characters = lines.join("").length;
    let from = start;
    for (let i = 0; i < lines.length; i += maxLines) {
      const shown = lines.slice(i, i + maxLines);
      const share = ((end - start) * shown.join("").length) / characters;
      const cueStart = Math.max(from, free);
      free = Math.max(from + share, cueStart + minSeconds);
      cues.push({ start: cueStart, end: free, lines: shown });
      from += share;
    }
  }
  return cues;
}
