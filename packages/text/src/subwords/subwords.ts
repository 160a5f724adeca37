import type { Random } from "@attend/runtime/random";
import {
  decodeWith,
  requireId,
  type SpecialTokens,
  specialTokensOf,
  type TokenDecoder,
  type Tokenizer,
  type TokenizerJson,
} from "../tokenizer.ts";
import { idsOf } from "../vocabulary.ts";
import { SubwordDecoder } from "./decoder.ts";
import { type Normalization, type TextForm, wordsOf } from "./pretokenize.ts";
import { bytesOf, charactersBegunBy } from "./utf8.ts";

/** What the files of all tokenizers of subwords hold. */
export interface SubwordsJson extends TokenizerJson {
  readonly kind: "bpe" | "unigram";
  /** What a text is put into before it is encoded. */
  readonly normalization: Normalization;
  /** Whether a text is written in small letters before; capitals do not come back. Absent: it is not. */
  readonly lowerCase?: boolean | undefined;
  /** Tokens that no text is encoded to (`<end>`); their ids come first. */
  readonly special: readonly string[];
  /** After the special tokens and the 256 bytes. A word's first token begins with the space before it. */
  readonly tokens: readonly string[];
  /** Those that the texts it was learned from are written with, which alone are written. Absent: all. */
  readonly bytes?: readonly number[] | undefined;
}

/** Every byte has a token, so that every text has one, too. */
export const byteTokens = 256;

/** Longer words are not kept: they are rare, and would keep the text that they are cut from. */
const keptLength = 12;
const keptWords = 2 ** 16;

/**
 * Text as special tokens, the 256 bytes, and pieces of words, however a word is cut into them: every text has such
 * tokens.
 */
export abstract class Subwords implements Tokenizer {
  readonly unit = "tokens";
  readonly special: SpecialTokens | undefined;
  /** The id of the byte 0. */
  protected readonly firstByte: number;
  /** The id of the first of `tokens`. */
  protected readonly firstToken: number;
  protected readonly ids: ReadonlyMap<string, number>;
  readonly #special: readonly string[];
  readonly #tokens: readonly string[];
  readonly #form: TextForm;
  readonly #bytes: readonly number[] | undefined;
  readonly #cuts = new Map<string, readonly number[]>();
  /** By id: how many characters begin in it; absent until asked for. */
  #characters: Int32Array | undefined;

  /** @throws AttendError BAD_DATA where a token occurs twice */
  constructor({ normalization, lowerCase = false, special, tokens, bytes }: SubwordsJson) {
    this.special = specialTokensOf(special);
    this.#special = special;
    this.#tokens = tokens;
    this.#form = { normalization, lowerCase };
    this.#bytes = bytes;
    idsOf(special);
    this.firstByte = special.length;
    this.firstToken = this.firstByte + byteTokens;
    this.ids = idsOf(tokens, this.firstToken);
  }

  /** What `parseTokenizer` reads. */
  abstract toJSON(): SubwordsJson;

  /** The tokens of a word (`wordsOf`) that is not empty. */
  protected abstract cut(word: string): readonly number[];

  get size(): number {
    return this.firstToken + this.#tokens.length;
  }

  token(id: number): string {
    const byte = this.byteOf(id);
    if (byte !== undefined) return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    return this.#textOf(id) ?? this.#special[id] ?? "";
  }

  /** The byte that a token stands for; absent where it is none. */
  byteOf(id: number): number | undefined {
    requireId(id, this.size);
    const isByte = id >= this.firstByte && id < this.firstToken;
    return isByte ? id - this.firstByte : undefined;
  }

  knows(text: string): boolean {
    return this.encode(text).every((id) => this.byteOf(id) === undefined);
  }

  charactersOf(id: number): number {
    requireId(id, this.size);
    this.#characters ??= Int32Array.from({ length: this.size }, (_, each) => {
      const byte = this.byteOf(each);
      return byte === undefined ? [...(this.#textOf(each) ?? "")].length : charactersBegunBy(byte);
    });
    return this.#characters[id] ?? 0;
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const word of this.words(text)) {
      for (const id of this.#cutOnce(word)) ids.push(id);
    }
    return ids;
  }

  /** See `Tokenizer.sample`. */
  abstract sample(text: string, options: { readonly random: Random }): number[];

  /** A byte that is part of no character becomes U+FFFD. */
  decode(ids: Iterable<number>): string {
    return decodeWith(this, ids);
  }

  decoder(): TokenDecoder {
    return new SubwordDecoder({
      size: this.size,
      byteOf: (id) => this.byteOf(id),
      textOf: (id) => this.#textOf(id),
      bytes: this.#bytes,
      end: this.special?.end,
    });
  }

  /** The words of a text in this tokenizer's form. */
  protected words(text: string): Iterable<string> {
    return wordsOf(text, this.#form);
  }

  /** The tokens of a character's bytes. */
  protected bytes(character: string): number[] {
    return bytesOf(character).map((byte) => this.firstByte + byte);
  }

  #cutOnce(word: string): readonly number[] {
    const known = this.#cuts.get(word);
    if (known !== undefined) return known;
    const ids = this.cut(word);
    if (word.length <= keptLength) {
      if (this.#cuts.size >= keptWords) this.#cuts.clear();
      this.#cuts.set(word, ids);
    }
    return ids;
  }

  /** Absent for special tokens and bytes. */
  #textOf(id: number): string | undefined {
    return this.#tokens[id - this.firstToken];
  }
}
