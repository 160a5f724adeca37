import type { BleuTokenizer } from "@attend/metrics";

/** Whether a language writes no spaces between words and sentences. */
export function isSpaceless(language: string): boolean {
  return /^(ja|zh|th)(-|$)/.test(language);
}

/** What BLEU counts: words as WMT's 13a has them; Chinese as sacreBLEU does; else characters where no spaces tell the words. */
export function tokenizerFor(language: string): BleuTokenizer {
  const { script = "" } = new Intl.Locale(language).maximize();
  if (/^Han[ist]$/.test(script)) return "zh";
  return /^(Jpan|Thai|Laoo|Khmr|Mymr)$/.test(script) ? "char" : "13a";
}
