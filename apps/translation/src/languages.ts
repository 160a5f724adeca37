import type { BleuTokenizer } from "@attend/metrics";

/** Whether a language writes no spaces between words and sentences. */
export function isSpaceless(language: string): boolean {
  return /^(ja|zh|th)(-|$)/.test(language);
}

/** What BLEU counts: words as WMT's 13a has them; characters where no spaces tell the words. */
export function tokenizerFor(language: string): BleuTokenizer {
  return isSpaceless(language) ? "char" : "13a";
}
