/**
 * Letters, figures and other marks, each with one space before it; and what white space is left. Marks
 * that combine stay with what they follow, and so do the joiners within Persian and Indic words.
 */
const wordPattern = / ?\p{L}[\p{L}\p{M}\u200c\u200d]*| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?= \S)|\s+/gu;

/**
 * Cuts a text into the pieces across which nothing is merged: `"the cat, 2 "` into `"the"`, `" cat"`,
 * `","`, `" 2"`, `" "`. A script without spaces comes in pieces as long as its clauses. Joined again
 * they are the text, whatever its characters.
 */
export function* wordsOf(text: string): Generator<string, void> {
  for (const [word] of text.matchAll(wordPattern)) yield word;
}
