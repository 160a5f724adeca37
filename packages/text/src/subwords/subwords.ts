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

/** The common JSON of all subword tokenizers. */
export interface SubwordsJson extends TokenizerJson {
  readonly kind: "bpe" | "unigram";
  /** How texts are normalized before they are encoded. */
  readonly normalization: Normalization;
  /** Whether texts are converted to lower case, which decoding does not undo; absent: they are not. */
  readonly lowerCase?: boolean | undefined;
  /** Tokens that no text is encoded to (`<end>`); their ids come first. */
  readonly special: readonly string[];
  /** Follow the special tokens and the 256 bytes. A word's first token begins with the preceding space. */
  readonly tokens: readonly string[];
  /** The bytes used by the texts that it was learned from; no others are generated. Absent: all. */
  readonly bytes?: readonly number[] | undefined;
}

/** Every byte has a token, so that every text can be encoded. */
export const byteTokens = 256;

/** Longer words are not cached: they are rare, and would keep the text that they are slices of in memory. */
const cachedLength = 12;
const cachedWords = 2 ** 16;

/** Text as special tokens, the 256 bytes, and pieces of words, which subclasses choose. */
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
  /** By id, how many characters begin in it; computed on first use. */
  #characters: Int32Array | undefined;

  /** @throws AttendError BAD_DATA if a token occurs twice */
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

  /** The JSON that `parseTokenizer` reads. */
  abstract toJSON(): SubwordsJson;

  /** The tokens of a non-empty word (`wordsOf`). */
  protected abstract cut(word: string): readonly number[];

  get size(): number {
    return this.firstToken + this.#tokens.length;
  }

  token(id: number): string {
    const byte = this.byteOf(id);
    if (byte !== undefined) return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    return this.#textOf(id) ?? this.#special[id] ?? "";
  }

  /** The byte of a token; undefined if it is not a byte token. */
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

  /** A byte that is not part of a character becomes U+FFFD. */
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
    if (word.length <= cachedLength) {
      if (this.#cuts.size >= cachedWords) this.#cuts.clear();
      this.#cuts.set(word, ids);
    }
    return ids;
  }

  /** Undefined for special tokens and bytes. */
  #textOf(id: number): string | undefined {
    return this.#tokens[id - this.firstToken];
  }
}
