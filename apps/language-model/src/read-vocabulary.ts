import { AttendError } from "@attend/runtime/errors";
import { buildCharacters, parseCharacters } from "./characters.ts";
import { learnSubwords, parseSubwords } from "./subwords.ts";
import type { VocabularyConfig } from "./training-config.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * The vocabulary that a config asks for. The characters are those of the whole text, since one that
 * is lacking could not be measured; subwords are learnt from what is trained on.
 *
 * @param texts.source names them in errors
 * @throws AttendError BAD_ARGUMENT, BAD_DATA where the config's `size` does not fit the text
 */
export function buildVocabulary(
  config: VocabularyConfig,
  { whole, training, source }: { whole: string; training: string; source: string },
): Vocabulary {
  if (config.units !== "subwords") return buildCharacters(whole, config);
  try {
    return learnSubwords(training, config);
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    const message = `${source}, with "vocabulary" as configured: ${thrown.message}`;
    throw new AttendError(thrown.code, message, { cause: thrown });
  }
}

/**
 * Reads what `toJSON` of either kind wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA
 */
export function parseVocabulary(json: unknown, source: string): Vocabulary {
  const hasSubwords = typeof json === "object" && json !== null && "subwords" in json;
  return hasSubwords ? parseSubwords(json, source) : parseCharacters(json, source);
}
