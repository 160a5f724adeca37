import { alignedWords } from "../words/aligned.ts";
import { keyOf } from "../words/words.ts";

/** What other hypotheses of a recognizer have in place of the words of its best one, by the words' indices. */
export function wordsInstead(
  words: readonly string[],
  others: readonly (readonly string[])[],
): Map<number, string[]> {
  const keys = words.map(keyOf);
  const found = new Map<number, string[]>();
  for (const other of others) {
    for (const [i, j] of alignedWords(keys, other.map(keyOf))) {
      const word = other[j];
      if (word === undefined || keyOf(word) === keys[i]) continue;
      found.set(i, [...(found.get(i) ?? []), word]);
    }
  }
  return found;
}
