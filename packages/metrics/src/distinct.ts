import type { Sentence } from "./corpus.ts";

/**
 * distinct-n (Li et al. 2016, 'A Diversity-Promoting Objective Function'): the different n-grams of all sentences divided
 * by the number of n-grams. It falls with the number of sentences, so compare systems on the same number.
 *
 * @returns from 0 to 1; 0 if no sentence has `n` tokens
 */
export function distinctNgrams(sentences: readonly Sentence<string | number>[], n: number): number {
  const different = new Set<string>();
  let total = 0;
  for (const sentence of sentences) {
    for (let end = n; end <= sentence.length; end++) {
      different.add(JSON.stringify(sentence.slice(end - n, end)));
      total++;
    }
  }
  return total === 0 ? 0 : different.size / total;
}
