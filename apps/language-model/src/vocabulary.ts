import { AttendError } from "@attend/runtime/errors";
import { buildCharacters, parseCharacters, type UnknownCharacter } from "./characters.ts";
import type { VocabularyConfig } from "./config.ts";
import { learnSubwords, parseSubwords } from "./subwords.ts";

/** What a model reads and writes: characters or subwords, each with a number from 0 to `size - 1`. */
export interface Vocabulary {
  readonly size: number;
  /** What messages call its tokens. */
  readonly unit: "characters" | "tokens";
  /** Where there is no prompt, a text begins as behind this token. */
  readonly startId: number;
  /** A character that it lacks is left out and counted, unless a token stands for such. */
  encode(text: string): EncodedText;
  /** How many characters begin in a token; over a text they add up to its characters. */
  charactersOf(id: number): number;
  decoder(): TokenDecoder;
  /** What vocabulary.json holds. */
  toJSON(): unknown;
}

export interface EncodedText {
  readonly ids: Int32Array;
  readonly skipped: number;
  readonly firstSkipped?: UnknownCharacter;
}

/** Tokens to text, one after the other; what it gives holds whole characters. */
export interface TokenDecoder {
  /** `""` while a character is incomplete. */
  push(id: number): string;
  /** What may not be written next. The same list, while it holds the same. */
  readonly unwritable: readonly number[];
}

/** How many characters begin in these tokens. */
export function countCharacters(
  vocabulary: Pick<Vocabulary, "charactersOf">,
  ids: Int32Array,
): number {
  return ids.reduce((sum, id) => sum + vocabulary.charactersOf(id), 0);
}

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
    if (!(thrown instanceof AttendError)) throw thrown;
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
