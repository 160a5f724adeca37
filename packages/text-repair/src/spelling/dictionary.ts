/** A dictionary of a language. */
export interface Dictionary {
  /** Whether a word is one, with any capitals. */
  knows(word: string): boolean;
  /** Words that may be meant by one that is not known. */
  suggest(word: string): readonly string[];
}

/**
 * Loads the Hunspell dictionary of a language (half a second).
 *
 * @returns undefined for a language without one
 */
export async function loadDictionary(language: string): Promise<Dictionary | undefined> {
  if (language !== "en") return undefined;
  const [{ default: nspell }, { default: files }] = await Promise.all([
    import("nspell"),
    import("dictionary-en"),
  ]);
  const speller = nspell({ aff: Buffer.from(files.aff), dic: Buffer.from(files.dic) });
  const asWritten = (word: string) => word.replace(/[’‘]/g, "'");
  return {
    knows(word) {
      const plain = asWritten(word);
      const lower = plain.toLowerCase();
      const first = lower.charAt(0).toUpperCase() + lower.slice(1);
      return [plain, lower, first, plain.toUpperCase()].some((each) => speller.correct(each));
    },
    suggest: (word) => speller.suggest(asWritten(word)),
  };
}
