import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";

/**
 * What a model reads and writes: text as ids from 0 to `size - 1`, and back. Immutable. Learned from text by
 * `learnWords`, `learnCharacters`, `learnBpe` or `learnUnigram`; `parseTokenizer` reads any of them.
 */
export interface Tokenizer {
  /** The number of ids, those of special tokens included. */
  readonly size: number;
  /** What messages call the tokens. */
  readonly unit: "words" | "characters" | "tokens";
  /** Absent where sequences are not framed, as those of a language model. */
  readonly special: SpecialTokens | undefined;
  /** None of the ids is that of a special token but the unknown one, whatever the text says. */
  encode(text: string): number[];
  /**
   * Cuts a text into tokens at random, which keeps a model from learning texts by heart (subword regularization: Kudo 2018).
   * Absent for tokenizers that can cut a text in only one way.
   */
  sample?(text: string, options: { readonly random: Random }): number[];
  /**
   * The text up to the end token; other special tokens are left out.
   *
   * @throws AttendError BAD_ARGUMENT where an id is none of this tokenizer's
   */
  decode(ids: Iterable<number>): string;
  /** Decodes tokens as they come. */
  decoder(): TokenDecoder;
  /**
   * How a token is written: its text, `<0x0A>` for a byte, and a special token's name.
   *
   * @throws AttendError BAD_ARGUMENT where the id is none of this tokenizer's
   */
  token(id: number): string;
  /** Whether there are tokens for all of a text: nothing is unknown, left out, or written in bytes. */
  knows(text: string): boolean;
  /** How many characters (code points) begin in a token: over a text they add up to its characters. */
  charactersOf(id: number): number;
  /** What {@link TokenizerJson} describes, for a file; `JSON.stringify` calls it. */
  toJSON(): TokenizerJson;
}

/** Decodes one token after another, and never gives part of a character. */
export interface TokenDecoder {
  /** What is certain with this token; `""` while it depends on those to come. */
  push(id: number): string;
  /** The rest, at the end. */
  flush(): string;
  /** The ids that may not come next. The same list as before, while it holds the same. */
  readonly suppressed: readonly number[];
}

/** What a tokenizer's file holds. */
export interface TokenizerJson {
  readonly kind: "words" | "characters" | "bpe" | "unigram";
  readonly tokens: readonly string[];
}

/** The ids of the tokens that stand for no text. */
export interface SpecialTokens {
  /** Fills the sequences of a batch up to one length; masked everywhere. */
  readonly pad: number;
  /** Opens a sequence that a decoder reads. */
  readonly start: number;
  /** Closes a sequence that a decoder writes. */
  readonly end: number;
  /** Stands for everything that the tokenizer has no token for, where there is such a token. */
  readonly unknown?: number;
  /** Never written, besides `start`: padding, the unknown, and what else an app has. */
  readonly suppressed: readonly number[];
}

/** The tokens that frame sequences, in the order of their ids. */
export const framingTokens: readonly string[] = ["<pad>", "<start>", "<end>"];
export const unknownToken = "<unk>";

/** @returns nothing where one of {@link framingTokens} is not among the names */
export function specialTokensOf(names: readonly string[]): SpecialTokens | undefined {
  const [pad = -1, start = -1, end = -1] = framingTokens.map((name) => names.indexOf(name));
  if (Math.min(pad, start, end) < 0) return undefined;
  const unknown = names.indexOf(unknownToken);
  const suppressed = [...names.keys()].filter((id) => id !== start && id !== end);
  return { pad, start, end, ...(unknown >= 0 && { unknown }), suppressed };
}

/** See `Tokenizer.decode`. */
export function decodeWith(tokenizer: Tokenizer, ids: Iterable<number>): string {
  const decoder = tokenizer.decoder();
  let text = "";
  for (const id of ids) {
    if (id === tokenizer.special?.end) break;
    text += decoder.push(id);
  }
  return text + decoder.flush();
}

/** @throws AttendError BAD_ARGUMENT where the id is none of a tokenizer with so many */
export function requireId(id: number, size: number): void {
  if (Number.isInteger(id) && id >= 0 && id < size) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `token ids of this tokenizer are whole numbers from 0 to ${size - 1}, but ${id} was given; does the tokenizer belong to the model?`,
  );
}
