import { AttendError } from "@attend/runtime/errors";
import { Heap } from "./heap.ts";
import { bytesOf, CharacterAssembler, charactersBegunBy } from "./utf8.ts";
import { type Normalization, normalize, wordsOf } from "./words.ts";

/** Every byte has a token, so that every text has one, too. */
export const byteTokens = 256;

/** What `Bpe.toJSON` writes and `parseBpe` reads. */
export interface BpeJson {
  /** What a text is put into before it is encoded. */
  readonly normalization: Normalization;
  /** Tokens that no text is encoded to (`<end>`); their ids come first. */
  readonly special: readonly string[];
  /**
   * Behind the special tokens and the 256 bytes: characters, and what is merged of them, the earlier
   * the more urgent. A word's first token begins with the space before it.
   */
  readonly tokens: readonly string[];
}

/** Pairs of tokens have one number: the left one's times this, and the right one's. */
const pairBase = 2 ** 20;
/** A merge that waits has one number: its token times this, and its place in the word. */
const placeBase = 2 ** 30;

/** Longer words are not kept: they are rare, and would keep the text that they are cut from. */
const keptLength = 12;
const keptWords = 2 ** 16;

/**
 * Byte-pair encoding: text as tokens from 0 to `size - 1` and back (Sennrich, Haddow & Birch 2016), on
 * raw text with the space as part of a token and bytes for what is no token, as SentencePiece does it
 * (Kudo & Richardson 2018). `decode(encode(text))` is `text`, normalised if that was asked for, whatever
 * the text. Immutable. Made by `learnBpe` or `parseBpe`.
 */
export class Bpe {
  readonly #json: BpeJson;
  /** The id of the byte 0, and of the first of `tokens`. */
  readonly #firstByte: number;
  readonly #firstToken: number;
  readonly #ids: ReadonlyMap<string, number>;
  /** What two neighbours become. */
  readonly #merged: ReadonlyMap<number, number>;
  readonly #known = new Map<string, readonly number[]>();

  /** @throws AttendError BAD_DATA where one of the tokens can be made of no two others */
  constructor(json: BpeJson) {
    this.#json = json;
    this.#firstByte = json.special.length;
    this.#firstToken = this.#firstByte + byteTokens;
    this.#ids = new Map(json.tokens.map((token, index) => [token, this.#firstToken + index]));
    this.#merged = mergesOf(this.#ids);
  }

  /** The number of tokens, special ones and bytes included. */
  get size(): number {
    return this.#firstToken + this.#json.tokens.length;
  }

  /** How a token is written: its text, `<0x0A>` for a byte, and a special one as it is called. */
  token(id: number): string {
    const byte = this.byteOf(id);
    if (byte !== undefined) return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    return this.#textOf(id) ?? this.#json.special[id] ?? "";
  }

  /** The byte that a token stands for; absent where it is none. */
  byteOf(id: number): number | undefined {
    this.#require(id);
    const isByte = id >= this.#firstByte && id < this.#firstToken;
    return isByte ? id - this.#firstByte : undefined;
  }

  /** How many characters (code points) begin in a token: they add up to those of the text. */
  charactersOf(id: number): number {
    const byte = this.byteOf(id);
    if (byte !== undefined) return charactersBegunBy(byte);
    return [...(this.#textOf(id) ?? "")].length;
  }

  /** No token of it is a special one, whatever the text says. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const word of wordsOf(normalize(text, this.#json.normalization))) {
      for (const id of this.#encodeWord(word)) ids.push(id);
    }
    return ids;
  }

  /**
   * Special tokens are left out; a byte that is part of no character becomes U+FFFD.
   *
   * @throws AttendError BAD_ARGUMENT where an id is none of this vocabulary's
   */
  decode(ids: Iterable<number>): string {
    const decoder = this.decoder();
    let text = "";
    for (const id of ids) text += decoder.push(id);
    return text + decoder.flush();
  }

  /** Decodes tokens as they come: see {@link BpeDecoder}. */
  decoder(): BpeDecoder {
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

  toJSON(): BpeJson {
    return this.#json;
  }

  #textOf(id: number): string | undefined {
    return this.#json.tokens[id - this.#firstToken];
  }

  #require(id: number): void {
    if (Number.isInteger(id) && id >= 0 && id < this.size) return;
    throw new AttendError(
      "BAD_ARGUMENT",
      `Token ids of this vocabulary are whole numbers from 0 to ${this.size - 1}, but ${id} was given; does the vocabulary belong to the model?`,
    );
  }

  #encodeWord(word: string): readonly number[] {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const ids = this.#merge(this.#unmerged(word));
    if (word.length <= keptLength) {
      if (this.#known.size >= keptWords) this.#known.clear();
      this.#known.set(word, ids);
    }
    return ids;
  }

  /** A token for each character, or as many as it has bytes. */
  #unmerged(word: string): number[] {
    const ids: number[] = [];
    for (const character of word) {
      const id = this.#ids.get(character);
      if (id !== undefined) ids.push(id);
      else for (const byte of bytesOf(character)) ids.push(this.#firstByte + byte);
    }
    return ids;
  }

  /** Merges neighbours, the earliest learnt first and of the same from left to right, until none can be. */
  #merge(ids: number[]): readonly number[] {
    const waiting = new Heap<number>((a, b) => a - b);
    const next = ids.map((_, place) => place + 1);
    const previous = ids.map((_, place) => place - 1);
    const mergedAt = (place: number) => {
      const [left, right] = [ids[place] ?? -1, ids[next[place] ?? -1] ?? -1];
      return left < 0 || right < 0 ? undefined : this.#merged.get(left * pairBase + right);
    };
    const wait = (place: number) => {
      const id = mergedAt(place);
      if (id !== undefined) waiting.push(id * placeBase + place);
    };
    for (const place of ids.keys()) wait(place);
    for (let first = waiting.pop(); first !== undefined; first = waiting.pop()) {
      const place = first % placeBase;
      const id = (first - place) / placeBase;
      // One of the two has been merged with another since.
      if (mergedAt(place) !== id) continue;
      const right = next[place] ?? -1;
      const behind = next[right] ?? -1;
      ids[place] = id;
      ids[right] = -1;
      next[place] = behind;
      if (behind < ids.length) previous[behind] = place;
      wait(place);
      const before = previous[place] ?? -1;
      if (before >= 0) wait(before);
    }
    return ids.filter((id) => id >= 0);
  }
}

/** Decodes one token after another, and never gives part of a character. */
export interface BpeDecoder {
  /** What is certain with this token; `""` while a character's bytes are incomplete. */
  push(id: number): string;
  /** At the end: U+FFFD for each byte of a character that stayed incomplete. */
  flush(): string;
}

/** Which token each two tokens become whose texts it joins. */
function mergesOf(ids: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
  const merged = new Map<number, number>();
  for (const [token, id] of ids) {
    let [at, ways, characters] = [0, 0, 0];
    for (const character of token) {
      if (characters++ > 0) {
        const [left, right] = [ids.get(token.slice(0, at)), ids.get(token.slice(at))];
        if (left !== undefined && right !== undefined) {
          merged.set(left * pairBase + right, id);
          ways++;
        }
      }
      at += character.length;
    }
    if (characters > 1 && ways === 0) {
      throw new AttendError(
        "BAD_DATA",
        `no two tokens make the token ${JSON.stringify(token)}, so that it could never be used; take it out, or learn the vocabulary again`,
      );
    }
  }
  return merged;
}
