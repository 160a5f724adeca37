import { decodeWith, type TokenDecoder, type Tokenizer, type TokenizerJson } from "./tokenizer.ts";
import { Vocabulary } from "./vocabulary.ts";

/** The token of all characters that are rarer than `minCount`. */
const unknown = "\uFFFD";

/** The JSON of {@link Characters}: the characters in the order of their ids. */
export interface CharactersJson extends TokenizerJson {
  readonly kind: "characters";
}

/**
 * The characters (Unicode code points) of a text. A character without a token is left out, unless there is
 * a token for rare ones. Created by `learnCharacters` or `parseTokenizer`.
 */
export class Characters implements Tokenizer {
  readonly unit = "characters";
  readonly special = undefined;
  readonly #vocabulary: Vocabulary;
  /** The id of rare characters, which is never generated. */
  readonly #unknown: number | undefined;
  readonly #suppressed: readonly number[];

  /**
   * @param characters one code point each; U+FFFD represents all others
   * @throws AttendError BAD_DATA if one occurs twice
   */
  constructor(characters: readonly string[]) {
    this.#vocabulary = new Vocabulary(characters);
    this.#unknown = this.#vocabulary.idOf(unknown);
    this.#suppressed = this.#unknown === undefined ? [] : [this.#unknown];
  }

  get size(): number {
    return this.#vocabulary.size;
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const character of text) {
      const id = this.#vocabulary.idOf(character) ?? this.#unknown;
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  decode(ids: Iterable<number>): string {
    return decodeWith(this, ids);
  }

  decoder(): TokenDecoder {
    return { push: (id) => this.token(id), flush: () => "", suppressed: this.#suppressed };
  }

  token(id: number): string {
    return this.#vocabulary.token(id);
  }

  knows(text: string): boolean {
    return [...text].every((character) => this.#vocabulary.idOf(character) !== undefined);
  }

  charactersOf(): number {
    return 1;
  }

  /** The JSON that `parseTokenizer` reads. */
  toJSON(): CharactersJson {
    return { kind: "characters", tokens: this.#vocabulary.tokens };
  }
}

/**
 * Numbers the characters of texts in order of first use. With `minCount` above 1, rarer characters share
 * one id after the others.
 */
export function learnCharacters(
  texts: Iterable<string>,
  { minCount = 1 }: { readonly minCount?: number | undefined } = {},
): Characters {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const frequent = [...counts].filter(([, count]) => count >= minCount).map(([each]) => each);
  const hasRare = frequent.length < counts.size && !frequent.includes(unknown);
  return new Characters(hasRare ? [...frequent, unknown] : frequent);
}
