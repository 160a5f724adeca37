import { AttendError } from "@attend/runtime/errors";
import { learnBpe, learnCharacters, type Tokenizer } from "@attend/text";
import type { VocabularyConfig } from "./training-config.ts";

/**
 * Learns the tokenizer of a config. Characters are those of the entire text, since missing ones could not be
 * measured; subwords are learned from the training text only.
 *
 * @param texts.source the texts' name in errors
 * @throws AttendError BAD_ARGUMENT, BAD_DATA if the config's `size` does not fit the text
 */
export function learnTokenizer(
  config: VocabularyConfig,
  { all, training, source }: { all: string; training: string; source: string },
): Tokenizer {
  if (config.units !== "subwords") return learnCharacters([all], config);
  const { size, minCount } = config;
  try {
    return learnBpe([training], { size, minCount });
  } catch (thrown) {
    if (!AttendError.isInstance(thrown)) throw thrown;
    const message = `${source}, with "vocabulary" as configured: ${thrown.message}`;
    throw new AttendError(thrown.code, message, { cause: thrown });
  }
}

/** The token before a text without a prompt: a line break, or the first token that is text. */
export function startOf(tokenizer: Tokenizer): number {
  const idOf = (text: string) => {
    const [id, ...others] = tokenizer.encode(text);
    return id !== undefined && others.length === 0 && tokenizer.token(id) === text ? id : undefined;
  };
  const ids = Array.from({ length: tokenizer.size }, (_, id) => id);
  return idOf("\n") ?? ids.find((id) => idOf(tokenizer.token(id)) === id) ?? 0;
}

/** The number of characters that start in these tokens. */
export function countCharacters(
  tokenizer: Pick<Tokenizer, "charactersOf">,
  ids: Int32Array,
): number {
  return ids.reduce((sum, id) => sum + tokenizer.charactersOf(id), 0);
}
