/** How a text is put into one form before anything else; `none` leaves it as it is. */
export const normalizations = ["none", "nfc", "nfkc"] as const;

/** See {@link normalizations}. */
export type Normalization = (typeof normalizations)[number];

/** Unicode's normal forms, as Node's own tables have them. */
export function normalize(text: string, normalization: Normalization): string {
  switch (normalization) {
    case "none":
      return text;
    case "nfc":
      return text.normalize("NFC");
    case "nfkc":
      return text.normalize("NFKC");
  }
}

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
