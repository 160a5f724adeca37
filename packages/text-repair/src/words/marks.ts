/** The marks that are restored, in the order of their classes. */
export const marks = ["none", "comma", "period", "question"] as const;
export type Mark = (typeof marks)[number];

/** How each is written. */
export const written: Readonly<Record<Mark, string>> = {
  none: "",
  comma: ",",
  period: ".",
  question: "?",
};

/**
 * The mark between two words: other punctuation counts as the one it is nearest to, as in IWSLT's data (Che et al. 2016).
 */
export function markIn(gap: string): Mark {
  if (/[?？]/.test(gap)) return "question";
  if (/[.!;…。！]/.test(gap)) return "period";
  return /[,:—–、，]|--| - /.test(gap) ? "comma" : "none";
}

/** Whether it ends a sentence. */
export function isFinal(mark: Mark): boolean {
  return mark === "period" || mark === "question";
}
