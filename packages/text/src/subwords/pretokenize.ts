/** The supported normalizations; `none` leaves texts unchanged. */
export const normalizations = ["none", "nfc", "nfkc"] as const;

/** How texts are normalized: not at all, or to Unicode's NFC or NFKC. */
export type Normalization = (typeof normalizations)[number];

/** The form of texts that a tokenizer works on. */
export interface TextForm {
  readonly normalization: Normalization;
  /** Whether texts are converted to lower case. */
  readonly lowerCase: boolean;
}

/**
 * Letters, digits and other symbols, with one preceding space; and the remaining whitespace. Combining
 * marks stay with their letters, and so do the joiners within Persian and Indic words.
 */
const wordPattern = / ?\p{L}[\p{L}\p{M}\u200c\u200d]*| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?= \S)|\s+/gu;

/**
 * Normalizes a text and splits it into words, across which nothing is merged: `"the cat, 2 "` into `"the"`,
 * `" cat"`, `","`, `" 2"`, `" "`. In scripts without spaces, a word is as long as a clause. Joined, the words
 * are always the normalized text.
 */
export function* wordsOf(text: string, form: TextForm): Generator<string, void> {
  for (const [word] of inForm(text, form).matchAll(wordPattern)) yield word;
}

/** Normalizes with Node's Unicode tables, independent of the locale. */
function inForm(text: string, { normalization, lowerCase }: TextForm): string {
  const normal = normalize(text, normalization);
  // NFKC may produce capitals (ℍ), and lower case may not be normalized (ǰ with a further mark).
  return lowerCase ? normalize(normal.toLowerCase(), normalization) : normal;
}

function normalize(text: string, normalization: Normalization): string {
  switch (normalization) {
    case "none":
      return text;
    case "nfc":
      return text.normalize("NFC");
    case "nfkc":
      return text.normalize("NFKC");
  }
}
