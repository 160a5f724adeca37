import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { Subwords, type SubwordsJson } from "../subwords/subwords.ts";
import { Heap } from "./heap.ts";

/** The JSON of a {@link Bpe}. */
export interface BpeJson extends SubwordsJson {
  readonly kind: "bpe";
  /** Characters, then merged tokens in order of priority. */
  readonly tokens: readonly string[];
}

/** Options of {@link Bpe.sample}. */
export interface BpeSampleOptions {
  /** The same state gives the same tokens. */
  readonly random: Random;
  /** The probability of skipping a merge, 0 to 1; default 0.1 (Provilkov et al. 2020). */
  readonly dropout?: number | undefined;
}

/** A pair of tokens as one number: left times this, plus right. */
const pairBase = 2 ** 20;
/** A queued merge as one number: its token times this, plus its position in the word. */
const positionBase = 2 ** 30;

/**
 * Byte-pair encoding (Sennrich, Haddow & Birch 2016) of raw text, like SentencePiece (Kudo & Richardson
 * 2018): spaces are part of tokens, and characters without a token are encoded as bytes.
 * `decode(encode(text))` is `text`, normalized if so configured. Immutable. Created by `learnBpe` or
 * `parseTokenizer`.
 */
export class Bpe extends Subwords {
  readonly #json: BpeJson;
  /** The token that a pair merges into. */
  readonly #merged: ReadonlyMap<number, number>;

  /** @throws AttendError BAD_DATA if a token occurs twice, or no two others merge into it */
  constructor(json: BpeJson) {
    super(json);
    this.#json = json;
    this.#merged = mergesOf(this.ids);
  }

  /** The JSON that `parseTokenizer` reads. */
  override toJSON(): BpeJson {
    return this.#json;
  }

  /**
   * Encodes a text by a random segmentation, skipping merges at random (BPE-dropout: Provilkov, Emelianenko &
   * Voita 2020, algorithm 1). It decodes to the same text.
   *
   * @throws AttendError BAD_ARGUMENT if `dropout` is not between 0 and 1
   */
  override sample(text: string, { random, dropout = 0.1 }: BpeSampleOptions): number[] {
    if (!(dropout >= 0 && dropout <= 1)) {
      const message = `dropout is ${dropout}; give a number from 0 to 1, such as 0.1`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const isDropped = () => random.uniform() < dropout;
    return [...this.words(text)].flatMap((word) => this.#merge(this.#unmerged(word), isDropped));
  }

  protected override cut(word: string): readonly number[] {
    return this.#merge(this.#unmerged(word));
  }

  /** A token for each character, or for each of its bytes. */
  #unmerged(word: string): number[] {
    const ids: number[] = [];
    for (const character of word) {
      const id = this.ids.get(character);
      if (id !== undefined) ids.push(id);
      else for (const byte of this.bytes(character)) ids.push(byte);
    }
    return ids;
  }

  /** Merges neighbors until none can be, the earliest learned first, and equal ones from left to right. */
  #merge(ids: number[], isDropped: () => boolean = () => false): readonly number[] {
    const queue = new Heap<number>((a, b) => a - b);
    /** Skipped at this step; they may be chosen at the next. */
    let dropped: number[] = [];
    const next = ids.map((_, position) => position + 1);
    const previous = ids.map((_, position) => position - 1);
    const mergedAt = (position: number) => {
      const [left, right] = [ids[position] ?? -1, ids[next[position] ?? -1] ?? -1];
      return left < 0 || right < 0 ? undefined : this.#merged.get(left * pairBase + right);
    };
    const enqueue = (position: number) => {
      const id = mergedAt(position);
      if (id !== undefined) queue.push(id * positionBase + position);
    };
    for (const position of ids.keys()) enqueue(position);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const position = first % positionBase;
      const id = (first - position) / positionBase;
      // One of the two has since been merged with another.
      if (mergedAt(position) !== id) continue;
      if (isDropped()) {
        dropped.push(first);
        continue;
      }
      for (const merge of dropped) queue.push(merge);
      dropped = [];
      const right = next[position] ?? -1;
      const after = next[right] ?? -1;
      ids[position] = id;
      ids[right] = -1;
      next[position] = after;
      if (after < ids.length) previous[after] = position;
      enqueue(position);
      const before = previous[position] ?? -1;
      if (before >= 0) enqueue(before);
    }
    return ids.filter((id) => id >= 0);
  }
}

/** The token that each pair of tokens merges into, by joining their texts. */
function mergesOf(ids: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
  const merged = new Map<number, number>();
  for (const [token, id] of ids) {
    let [at, pairs, characters] = [0, 0, 0];
    for (const character of token) {
      if (characters++ > 0) {
        const [left, right] = [ids.get(token.slice(0, at)), ids.get(token.slice(at))];
        if (left !== undefined && right !== undefined) {
          merged.set(left * pairBase + right, id);
          pairs++;
        }
      }
      at += character.length;
    }
    if (characters > 1 && pairs === 0) {
      throw new AttendError(
        "BAD_DATA",
        `no two tokens merge into ${JSON.stringify(token)}, so that it can never be used; remove it, or learn the tokens again`,
      );
    }
  }
  return merged;
}
