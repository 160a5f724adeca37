/** A sentence in sentence case, as in most training data. */
export interface SentenceCase {
  readonly text: string;
  /** Whether it was all capitals, as its translation should be. */
  readonly capitals: boolean;
}

/**
 * Converts a sentence to sentence case: all capitals (`A MAN IS RIDING`) to lower case, and the first
 * letter to a capital. At most three letters may be an abbreviation (`USA`) and are kept.
 *
 * @param isStart whether the sentence starts here, rather than with a preceding name
 */
export function toSentenceCase(text: string, language: string, isStart = true): SentenceCase {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const capitals = letters > 3 && /\p{Lu}/u.test(text) && !/(?!ß)\p{Ll}/u.test(text);
  const lower = capitals ? withPronoun(text.toLocaleLowerCase(language), language) : text;
  return {
    // `3 dogs` starts with a number.
    text: isStart
      ? lower.replace(/^[^\p{L}\p{N}\p{Co}]*\p{L}/u, (first) => first.toLocaleUpperCase(language))
      : lower,
    capitals,
  };
}

function withPronoun(text: string, language: string): string {
  return language.startsWith("en") ? text.replaceAll(/\bi\b/g, "I") : text;
}
