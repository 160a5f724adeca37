/** A sentence as its language writes it, which is what models know best. */
export interface SentenceCase {
  readonly text: string;
  /** Whether it was all in capitals, as its translation should be. */
  readonly capitals: boolean;
}

/**
 * A sentence in capitals (`A MAN IS RIDING`) in small letters, and one that begins with a small letter with a
 * capital. A word or two of few letters may be an abbreviation (`USA`) and stays.
 *
 * @param opens whether the sentence begins here, rather than with a name before
 */
export function inSentenceCase(text: string, language: string, opens = true): SentenceCase {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const capitals = letters > 3 && /\p{Lu}/u.test(text) && !/(?!ß)\p{Ll}/u.test(text);
  const small = capitals ? withPronoun(text.toLocaleLowerCase(language), language) : text;
  return {
    // `3 dogs` begins with a number.
    text: opens
      ? small.replace(/^[^\p{L}\p{N}\p{Co}]*\p{L}/u, (first) => first.toLocaleUpperCase(language))
      : small,
    capitals,
  };
}

function withPronoun(text: string, language: string): string {
  return language.startsWith("en") ? text.replaceAll(/\bi\b/g, "I") : text;
}
