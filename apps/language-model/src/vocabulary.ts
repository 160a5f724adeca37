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

/** A character that a vocabulary lacks, and where it first stands in the text. */
export interface UnknownCharacter {
  readonly character: string;
  /** From 1; columns count characters. */
  readonly line: number;
  readonly column: number;
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
