import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { Subwords, type SubwordsJson } from "../subwords/subwords.ts";
import { Heap } from "./heap.ts";

/** What `Bpe.toJSON` writes and `parseTokenizer` reads. */
export interface BpeJson extends SubwordsJson {
  readonly kind: "bpe";
  /** Characters, and what is merged of them, the earlier the more urgent. */
  readonly tokens: readonly string[];
}

/** How `Bpe.sample` cuts. */
export interface BpeSampleOptions {
  /** The same state gives the same tokens. */
  readonly random: Random;
  /** The share of merges that is left out at each step, 0 to 1; default 0.1 (Provilkov et al. 2020). */
  readonly dropout?: number | undefined;
}

/** Pairs of tokens have one number: the left one's times this, and the right one's. */
const pairBase = 2 ** 20;
/** A merge that waits has one number: its token times this, and its place in the word. */
const placeBase = 2 ** 30;

/**
 * Byte-pair encoding: text as tokens from 0 to `size - 1` and back (Sennrich, Haddow & Birch 2016), on
 * raw text with the space as part of a token and bytes for what is no token, as SentencePiece does it
 * (Kudo & Richardson 2018). `decode(encode(text))` is `text`, in the form that was asked for, whatever
 * the text. Immutable. Made by `learnBpe` or `parseTokenizer`.
 */
export class Bpe extends Subwords {
  readonly #json: BpeJson;
  /** What two neighbours become. */
  readonly #merged: ReadonlyMap<number, number>;

  /** @throws AttendError BAD_DATA where a token occurs twice, or can be made of no two others */
  constructor(json: BpeJson) {
    super(json);
    this.#json = json;
    this.#merged = mergesOf(this.ids);
  }

  /** What `parseTokenizer` reads. */
  override toJSON(): BpeJson {
    return this.#json;
  }

  /**
   * Cuts a text at random by leaving out merges (BPE-dropout: Provilkov, Emelianenko & Voita 2020, algorithm 1).
   * Decoded, it is the same text.
   *
   * @throws AttendError BAD_ARGUMENT if `dropout` is not between 0 and 1
   */
  override sample(text: string, { random, dropout = 0.1 }: BpeSampleOptions): number[] {
    if (!(dropout >= 0 && dropout <= 1)) {
      const message = `dropout is a number from 0 to 1, but ${dropout} was given; 0.1 is usual`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const isDropped = () => random.uniform() < dropout;
    return [...this.words(text)].flatMap((word) => this.#merge(this.#unmerged(word), isDropped));
  }

  protected override cut(word: string): readonly number[] {
    return this.#merge(this.#unmerged(word));
  }

  /** A token for each character, or as many as it has bytes. */
  #unmerged(word: string): number[] {
    const ids: number[] = [];
    for (const character of word) {
      const id = this.ids.get(character);
      if (id !== undefined) ids.push(id);
      else for (const byte of this.bytes(character)) ids.push(byte);
    }
    return ids;
  }

  /** Merges neighbors, the earliest learned first and of the same from left to right, until none can be. */
  #merge(ids: number[], isDropped: () => boolean = () => false): readonly number[] {
    const waiting = new Heap<number>((a, b) => a - b);
    /** Left out at this step; each may be chosen at the next. */
    let dropped: number[] = [];
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
      if (isDropped()) {
        dropped.push(first);
        continue;
      }
      for (const merge of dropped) waiting.push(merge);
      dropped = [];
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
        `no two tokens make the token ${JSON.stringify(token)}, so that it could never be used; take it out, or learn the tokens again`,
      );
    }
  }
  return merged;
}
