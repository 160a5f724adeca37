import type { Normalization } from "./form.ts";

/** What the files of all vocabularies hold. */
export interface TokenTableJson {
  /** What a text is put into before it is encoded. */
  readonly normalization: Normalization;
  /** Whether a text is written in small letters before; capitals do not come back. Absent: it is not. */
  readonly lowerCase?: boolean | undefined;
  /** Tokens that no text is encoded to (`<end>`); their ids come first. */
  readonly special: readonly string[];
  /** Behind the special tokens and the 256 bytes. A word's first token begins with the space before it. */
  readonly tokens: readonly string[];
}

/**
 * Text as tokens from 0 to `size - 1` and back, whatever the text: special tokens first, then the 256
 * bytes, then pieces of words. Immutable.
 */
export interface Subwords {
  /** The number of tokens, special ones and bytes included. */
  readonly size: number;
  /** How a token is written: its text, `<0x0A>` for a byte, and a special one as it is called. */
  token(id: number): string;
  /** The byte that a token stands for; absent where it is none. */
  byteOf(id: number): number | undefined;
  /** How many characters (code points) begin in a token: they add up to those of the text. */
  charactersOf(id: number): number;
  /** No token of it is a special one, whatever the text says. */
  encode(text: string): number[];
  /**
   * The text, in the form that was asked for when the vocabulary was learnt. Special tokens are left
   * out; a byte that is part of no character becomes U+FFFD.
   *
   * @throws AttendError BAD_ARGUMENT where an id is none of this vocabulary's
   */
  decode(ids: Iterable<number>): string;
  /** Decodes tokens as they come. */
  decoder(): SubwordDecoder;
  /** What `parseSubwords` reads. */
  toJSON(): TokenTableJson;
}

/** Decodes one token after another, and never gives part of a character. */
export interface SubwordDecoder {
  /** What is certain with this token; `""` while a character's bytes are incomplete. */
  push(id: number): string;
  /** At the end: U+FFFD for each byte of a character that stayed incomplete. */
  flush(): string;
}
