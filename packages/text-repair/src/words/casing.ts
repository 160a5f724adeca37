/** How a word's letters are written, in the order of the classes; `form`: as the list of forms says (`McDonald`, `Mr.`). */
export const casings = ["lower", "capitalized", "upper", "form"] as const;
export type Casing = (typeof casings)[number];

/** The casing of a word as written. @param key as of `Word` */
export function casingOf(word: string, key: string): Casing {
  const straight = word.replace(/[’‘]/g, "'");
  if (straight === key) return "lower";
  if (straight === capitalized(key)) return "capitalized";
  return straight === key.toUpperCase() ? "upper" : "form";
}

/** The word with its first letter in upper case. */
export function capitalized(word: string): string {
  return word.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}
