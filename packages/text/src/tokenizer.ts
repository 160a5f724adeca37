import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";

/**
 * Converts text to token ids from 0 to `size - 1`, and back. Immutable. Learned from text by `learnWords`,
 * `learnCharacters`, `learnBpe` or `learnUnigram`; `parseTokenizer` reads any of them.
 */
export interface Tokenizer {
  /** The number of ids, including special tokens. */
  readonly size: number;
  /** The name of the tokens in messages. */
  readonly unit: "words" | "characters" | "tokens";
  /** Undefined if sequences are not framed, as in a language model. */
  readonly special: SpecialTokens | undefined;
  /** Text is never encoded to special tokens, except the unknown one. */
  encode(text: string): number[];
  /**
   * Encodes a text by a random segmentation, which keeps a model from memorizing texts (subword
   * regularization: Kudo 2018). Absent if a tokenizer has only one segmentation of a text.
   */
  sample?(text: string, options: { readonly random: Random }): number[];
  /**
   * The text up to the end token; other special tokens are left out.
   *
   * @throws AttendError BAD_ARGUMENT for an id out of range
   */
  decode(ids: Iterable<number>): string;
  /** Creates a decoder of streamed tokens. */
  decoder(): TokenDecoder;
  /**
   * The text of a token, `<0x0A>` for a byte, or the name of a special token.
   *
   * @throws AttendError BAD_ARGUMENT for an id out of range
   */
  token(id: number): string;
  /** Whether there are tokens for all of a text: nothing is unknown, left out, or encoded as bytes. */
  knows(text: string): boolean;
  /** The number of characters (code points) that begin in a token; over a text they add up to its characters. */
  charactersOf(id: number): number;
  /** The tokenizer's JSON; called by `JSON.stringify`. */
  toJSON(): TokenizerJson;
}

/** Decodes one token after another, and never returns part of a character. */
export interface TokenDecoder {
  /** Returns the text that is certain with this token; `""` while it depends on later ones. */
  push(id: number): string;
  /** Returns the rest, at the end. */
  flush(): string;
  /** The ids that must not come next; the identical list while it does not change. */
  readonly suppressed: readonly number[];
}

/** The JSON of a tokenizer. */
export interface TokenizerJson {
  readonly kind: "words" | "characters" | "bpe" | "unigram";
  readonly tokens: readonly string[];
}

/** The ids of the tokens that do not represent text. */
export interface SpecialTokens {
  /** Pads the sequences of a batch to the same length; masked everywhere. */
  readonly pad: number;
  /** Begins a sequence that a decoder reads. */
  readonly start: number;
  /** Ends a sequence that a decoder generates. */
  readonly end: number;
  /** Represents everything that the tokenizer has no token for, if there is such a token. */
  readonly unknown?: number;
  /** Never generated, in addition to `start`: padding, the unknown token, and those of an app. */
  readonly suppressed: readonly number[];
}

/** The tokens that frame sequences, in the order of their ids. */
export const framingTokens: readonly string[] = ["<pad>", "<start>", "<end>"];
export const unknownToken = "<unk>";

/** @returns undefined unless all of {@link framingTokens} are among the names */
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

/** @throws AttendError BAD_ARGUMENT unless `id` is a whole number below `size` */
export function requireId(id: number, size: number): void {
  if (Number.isInteger(id) && id >= 0 && id < size) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `token id ${id} is not a whole number from 0 to ${size - 1}; does the tokenizer belong to the model?`,
  );
}
