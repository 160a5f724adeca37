/** How a text is put into one form before anything else; `none` leaves it as it is. */
export const normalizations = ["none", "nfc", "nfkc"] as const;

/** How characters are brought into one form: not at all, or by Unicode's NFC or NFKC. */
export type Normalization = (typeof normalizations)[number];

/** The form that a vocabulary knows texts in. */
export interface TextForm {
  readonly normalization: Normalization;
  /** Whether capitals become small letters. */
  readonly lowerCase: boolean;
}

/** Unicode's normal forms and small letters, as Node's own tables have them, whatever the locale. */
export function inForm(text: string, { normalization, lowerCase }: TextForm): string {
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
