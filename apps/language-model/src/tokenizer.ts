import { AttendError } from "@attend/runtime/errors";
import { learnBpe, learnCharacters, type Tokenizer } from "@attend/text";
import type { VocabularyConfig } from "./training-config.ts";

/**
 * The tokenizer that a config asks for. The characters are those of the whole text, since one that
 * is lacking could not be measured; subwords are learned from what is trained on.
 *
 * @param texts.source names them in errors
 * @throws AttendError BAD_ARGUMENT, BAD_DATA where the config's `size` does not fit the text
 */
export function learnTokenizer(
  config: VocabularyConfig,
  { whole, training, source }: { whole: string; training: string; source: string },
): Tokenizer {
  if (config.units !== "subwords") return learnCharacters([whole], config);
  const { size, minCount } = config;
  try {
    return learnBpe([training], { size, minCount });
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    const message = `${source}, with "vocabulary" as configured: ${thrown.message}`;
    throw new AttendError(thrown.code, message, { cause: thrown });
  }
}

/** What a text begins after where there is no prompt: a line break, or else the first token that is text. */
export function startOf(tokenizer: Tokenizer): number {
  const idOf = (text: string) => {
    const [id, ...others] = tokenizer.encode(text);
    return id !== undefined && others.length === 0 && tokenizer.token(id) === text ? id : undefined;
  };
  const ids = Array.from({ length: tokenizer.size }, (_, id) => id);
  return idOf("\n") ?? ids.find((id) => idOf(tokenizer.token(id)) === id) ?? 0;
}

/** How many characters begin in these tokens. */
export function countCharacters(
  tokenizer: Pick<Tokenizer, "charactersOf">,
  ids: Int32Array,
): number {
  return ids.reduce((sum, id) => sum + tokenizer.charactersOf(id), 0);
}
