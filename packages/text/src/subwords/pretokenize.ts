/** How a text is put into one form before anything else; `none` leaves it as it is. */
export const normalizations = ["none", "nfc", "nfkc"] as const;

/** How characters are brought into one form: not at all, or by Unicode's NFC or NFKC. */
export type Normalization = (typeof normalizations)[number];

/** The form that a tokenizer knows texts in. */
export interface TextForm {
  readonly normalization: Normalization;
  /** Whether capitals become small letters. */
  readonly lowerCase: boolean;
}

/**
 * Letters, figures and other marks, each with one space before it; and what white space is left. Marks
 * that combine stay with what they follow, and so do the joiners within Persian and Indic words.
 */
const wordPattern = / ?\p{L}[\p{L}\p{M}\u200c\u200d]*| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?= \S)|\s+/gu;

/**
 * Puts a text into a form and cuts it into the pieces across which nothing is merged: `"the cat, 2 "` into `"the"`,
 * `" cat"`, `","`, `" 2"`, `" "`. A script without spaces comes in pieces as long as its clauses. Joined again
 * they are the text in its form, whatever its characters.
 */
export function* wordsOf(text: string, form: TextForm): Generator<string, void> {
  for (const [word] of inForm(text, form).matchAll(wordPattern)) yield word;
}

/** Unicode's normal forms and small letters, as Node's own tables have them, whatever the locale. */
function inForm(text: string, { normalization, lowerCase }: TextForm): string {
  const normal = normalize(text, normalization);
  // NFKC makes capitals (ℍ), and small letters may be no normal form (ǰ with a further mark).
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
