import { AttendError } from "@attend/runtime/errors";
import { inForm, type TextForm } from "./form.ts";
import type { SubwordDecoder, TokenTableJson } from "./subwords.ts";
import { bytesOf, CharacterAssembler, charactersBegunBy } from "./utf8.ts";
import { wordsOf } from "./words.ts";

/** Every byte has a token, so that every text has one, too. */
export const byteTokens = 256;

/** Longer words are not kept: they are rare, and would keep the text that they are cut from. */
const keptLength = 12;
const keptWords = 2 ** 16;

/** What all vocabularies of subwords have in common, however they cut a word: see `Subwords`. */
export abstract class TokenTable {
  /** The id of the byte 0. */
  protected readonly firstByte: number;
  /** The id of the first of `tokens`. */
  protected readonly firstToken: number;
  protected readonly ids: ReadonlyMap<string, number>;
  readonly #special: readonly string[];
  readonly #tokens: readonly string[];
  readonly #form: TextForm;
  readonly #known = new Map<string, readonly number[]>();

  constructor({ normalization, lowerCase = false, special, tokens }: TokenTableJson) {
    this.#special = special;
    this.#tokens = tokens;
    this.#form = { normalization, lowerCase };
    this.firstByte = special.length;
    this.firstToken = this.firstByte + byteTokens;
    this.ids = new Map(tokens.map((token, index) => [token, this.firstToken + index]));
  }

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

  byteOf(id: number): number | undefined {
    this.#require(id);
    const isByte = id >= this.firstByte && id < this.firstToken;
    return isByte ? id - this.firstByte : undefined;
  }

  charactersOf(id: number): number {
    const byte = this.byteOf(id);
    if (byte !== undefined) return charactersBegunBy(byte);
    return [...(this.#textOf(id) ?? "")].length;
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const word of this.words(text)) {
      for (const id of this.#cutOnce(word)) ids.push(id);
    }
    return ids;
  }

  decode(ids: Iterable<number>): string {
    const decoder = this.decoder();
    let text = "";
    for (const id of ids) text += decoder.push(id);
    return text + decoder.flush();
  }

  decoder(): SubwordDecoder {
    const characters = new CharacterAssembler();
    return {
      push: (id) => {
        const byte = this.byteOf(id);
        if (byte !== undefined) return characters.push(byte);
        return characters.flush() + (this.#textOf(id) ?? "");
      },
      flush: () => characters.flush(),
    };
  }

  /** The words of a text in this vocabulary's form. */
  protected words(text: string): Iterable<string> {
    return wordsOf(inForm(text, this.#form));
  }

  /** The tokens of a character's bytes. */
  protected bytes(character: string): number[] {
    return bytesOf(character).map((byte) => this.firstByte + byte);
  }

  #cutOnce(word: string): readonly number[] {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const ids = this.cut(word);
    if (word.length <= keptLength) {
      if (this.#known.size >= keptWords) this.#known.clear();
      this.#known.set(word, ids);
    }
    return ids;
  }

  #textOf(id: number): string | undefined {
    return this.#tokens[id - this.firstToken];
  }

  #require(id: number): void {
    if (Number.isInteger(id) && id >= 0 && id < this.size) return;
    throw new AttendError(
      "BAD_ARGUMENT",
      `Token ids of this vocabulary are whole numbers from 0 to ${this.size - 1}, but ${id} was given; does the vocabulary belong to the model?`,
    );
  }
}
