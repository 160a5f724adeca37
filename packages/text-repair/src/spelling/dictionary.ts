import { capitalized } from "../words/casing.ts";
import { keyOf } from "../words/words.ts";

/** A dictionary of a language. */
export interface Dictionary {
  /** Whether a word is one, with any capitals. */
  knows(word: string): boolean;
  /** Words that may be meant by one that is not known. */
  suggest(word: string): readonly string[];
}

/**
 * Loads the Hunspell dictionaries of a language (half a second): for English, the American and the British one.
 *
 * @returns undefined for a language without one
 */
export async function loadDictionary(language: string): Promise<Dictionary | undefined> {
  if (language !== "en") return undefined;
  const [{ default: nspell }, american, british] = await Promise.all([
    import("nspell"),
    import("dictionary-en"),
    import("dictionary-en-gb"),
  ]);
  const spellers = [american, british].map(({ default: { aff, dic } }) =>
    nspell({ aff: Buffer.from(aff), dic: Buffer.from(dic) }),
  );
  return {
    knows(word) {
      const plain = keyOf(word);
      const forms = [plain, capitalized(plain), plain.toUpperCase()];
      return forms.some((form) => spellers.some((speller) => speller.correct(form)));
    },
    suggest(word) {
      for (const speller of spellers) {
        const found = speller.suggest(keyOf(word));
        if (found.length > 0) return found;
      }
      return [];
    },
  };
}
