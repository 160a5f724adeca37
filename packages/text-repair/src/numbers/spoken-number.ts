/** A number that was read from words. */
export interface SpokenNumber {
  /** The number of words, or parts of words with hyphens, that it takes. */
  readonly length: number;
  readonly figures: string;
}

/**
 * Reads the number that begins at `words[at]`, if one does that is expected in figures: those of several words, and in German
 * of several parts, but not `two` or `ten`.
 *
 * @param all reads every number
 */
export type ReadNumber = (
  words: readonly string[],
  at: number,
  all?: boolean,
) => SpokenNumber | undefined;
