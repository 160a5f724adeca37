import { isSpaceless } from "../language.ts";

const word = "\\p{L}[\\p{L}\\p{M}'’-]{0,40}";
const between = "(?:,\\s|\\s)\\s{0,9}";
const ends = "[\\p{L}\\p{M}\\p{N}'’-]";
const phrases = new RegExp(
  `(?<!${ends})(${word}(?:${between}${word}){0,3}?)(?:${between}\\1){2,}(?!${ends})`,
  "giu",
);
const spacelessPhrases = /(\p{L}{2,10}?)\1{2,}/gu;

/**
 * Replaces a word or phrase of up to four words that occurs three times or more in a row (`no no no no`) by a single
 * one, because models translate such a sentence as nonsense.
 */
export function withoutRepeats(text: string, language: string): string {
  return text.replaceAll(isSpaceless(language) ? spacelessPhrases : phrases, "$1");
}
