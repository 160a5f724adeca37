import { type PunctuationScores, scorePunctuation } from "@attend/metrics";
import { splitSentences } from "@attend/text";
import { alignedWords } from "./words/aligned.ts";
import type { Mark } from "./words/marks.ts";
import { type Word, wordsOf } from "./words/words.ts";

/** The marks that are restored. */
export const restoredMarks = ["comma", "period", "question"] as const;

/** How alike two texts are, besides their words. */
export interface TextScores {
  /** Of commas, periods and question marks; others count as the nearest one: `!` and `;` as a period, `:` as a comma. */
  readonly punctuation: PunctuationScores<(typeof restoredMarks)[number]>;
  /** The share of the words that both texts have in which capitals are the same. */
  readonly casing: number;
}

/**
 * Compares texts with what they should be. A mark counts as right after the word that it should follow; where texts have
 * different words, these are aligned by the fewest edits.
 */
export function scoreTexts(
  texts: readonly { readonly found: string; readonly expected: string }[],
  language = "en",
): TextScores {
  const marks: { found: Mark[]; expected: Mark[] } = { found: [], expected: [] };
  let [same, cased] = [0, 0];
  for (const text of texts) {
    const [found, expected] = [wordsIn(text.found, language), wordsIn(text.expected, language)];
    const pairs = alignedWords(found.map(keyOf), expected.map(keyOf));
    const add = (one: Word | undefined, other: Word | undefined) => {
      marks.found.push(one?.mark ?? "none");
      marks.expected.push(other?.mark ?? "none");
    };
    for (const [i, j] of pairs) {
      const [one, other] = [found[i], expected[j]];
      add(one, other);
      if (one?.key !== other?.key) continue;
      same++;
      if (one?.text === other?.text) cased++;
    }
    const [left, right] = [new Set(pairs.map(([i]) => i)), new Set(pairs.map(([, j]) => j))];
    for (const [i, word] of found.entries()) if (!left.has(i)) add(word, undefined);
    for (const [j, word] of expected.entries()) if (!right.has(j)) add(undefined, word);
  }
  return {
    punctuation: scorePunctuation(marks.found, marks.expected, restoredMarks),
    casing: same === 0 ? 0 : cased / same,
  };
}

const keyOf = ({ key }: Word) => key;

function wordsIn(text: string, language: string): Word[] {
  return splitSentences(text, language).flatMap(wordsOf);
}
