import { Heap } from "./heap.ts";

/** A pair of tokens as one number: left times this, plus right. */
const pairBase = 2 ** 20;

/** A possible token: all neighbors whose texts join to `text`. */
interface Candidate {
  readonly text: string;
  /** Breaks ties between equally frequent and equally long candidates. */
  readonly order: string;
  /** Code points. */
  readonly length: number;
  /** How often such neighbors occur in the texts. */
  count: number;
  /** Positions of the left neighbors when counted; they may since have been merged. */
  positions: number[];
  /** Set once it is a token. */
  id: number | undefined;
}

/** A candidate with its count when it was queued. */
interface Queued {
  readonly candidate: Candidate;
  readonly count: number;
}

/**
 * Most frequent first, then the shorter, then in the order of their code units, with SentencePiece's symbol
 * for the space.
 */
function compare(a: Queued, b: Queued): number {
  if (a.count !== b.count) return b.count - a.count;
  const [one, other] = [a.candidate, b.candidate];
  if (one.length !== other.length) return one.length - other.length;
  return one.order < other.order ? -1 : 1;
}

/**
 * Words as linked lists of tokens, whose most frequent neighbors are merged repeatedly (Sennrich, Haddow &
 * Birch 2016, algorithm 1). Each distinct word is stored once, with its count, and a merge visits only the
 * positions of its pair.
 */
export class Merging {
  /** The characters, then the merged tokens. */
  readonly tokens: string[];
  readonly #lengths: number[];
  readonly #maxLength: number;
  /** The token by position; `#next` and `#previous` are -1 at the ends of a word. */
  readonly #symbols: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** By position, the count of its word. */
  readonly #weights: Float64Array;
  readonly #byPair = new Map<number, Candidate | undefined>();
  readonly #byText = new Map<string, Candidate>();
  readonly #queue = new Heap(compare);
  /** Candidates whose count has grown since they were queued. */
  readonly #grown = new Set<Candidate>();

  /**
   * @param words words with their counts; a character that is not in `characters` splits a word
   * @param maxLength the most code points of a token
   */
  constructor(
    words: ReadonlyMap<string, number>,
    characters: readonly string[],
    maxLength: number,
  ) {
    this.tokens = [...characters];
    this.#lengths = characters.map(() => 1);
    this.#maxLength = maxLength;
    const ids = new Map(characters.map((character, id) => [character, id]));
    let room = 0;
    for (const word of words.keys()) room += word.length;
    this.#symbols = new Int32Array(room);
    this.#next = new Int32Array(room).fill(-1);
    this.#previous = new Int32Array(room).fill(-1);
    this.#weights = new Float64Array(room);
    let at = 0;
    for (const [word, count] of words) {
      let before = -1;
      for (const character of word) {
        const id = ids.get(character);
        if (id === undefined) {
          before = -1;
          continue;
        }
        this.#symbols[at] = id;
        this.#weights[at] = count;
        this.#previous[at] = before;
        if (before >= 0) this.#next[before] = at;
        before = at++;
      }
    }
    for (let position = 0; position < at; position++) this.#count(position);
    this.#queueGrown();
  }

  /**
   * Adds the next token.
   *
   * @returns false if no two tokens are neighbors at least `leastCount` times
   */
  merge(leastCount: number): boolean {
    for (;;) {
      const queued = this.#queue.pop();
      if (queued === undefined) return false;
      const { candidate, count } = queued;
      if (candidate.id !== undefined) {
        // Other neighbors have already become this token.
        this.#apply(candidate, candidate.id);
        continue;
      }
      if (count !== candidate.count) {
        // Its count has decreased; if it had grown, it would be in the queue a second time.
        if (candidate.count > 0 && candidate.count < count) {
          this.#queue.push({ candidate, count: candidate.count });
        }
        continue;
      }
      if (count < leastCount) return false;
      candidate.id = this.tokens.push(candidate.text) - 1;
      this.#lengths.push(candidate.length);
      this.#apply(candidate, candidate.id);
      return true;
    }
  }

  /** Merges a candidate's neighbors at all positions, from left to right. */
  #apply(candidate: Candidate, id: number): void {
    const positions = Int32Array.from(candidate.positions).sort();
    candidate.positions = [];
    for (const position of positions) {
      const right = this.#next[position] ?? -1;
      if (this.#candidateAt(position) !== candidate) continue;
      const [before, after] = [this.#previous[position] ?? -1, this.#next[right] ?? -1];
      const weight = this.#weights[position] ?? 0;
      for (const removed of [before, position, right]) this.#uncount(removed, weight);
      this.#symbols[position] = id;
      this.#symbols[right] = -1;
      this.#next[right] = -1;
      this.#next[position] = after;
      if (after >= 0) this.#previous[after] = position;
      this.#count(before);
      this.#count(position);
    }
    this.#queueGrown();
  }

  /** Counts the pair that begins at a position. */
  #count(position: number): void {
    const candidate = this.#candidateAt(position);
    if (candidate === undefined) return;
    candidate.count += this.#weights[position] ?? 0;
    candidate.positions.push(position);
    this.#grown.add(candidate);
  }

  #uncount(position: number, weight: number): void {
    const candidate = this.#candidateAt(position);
    if (candidate !== undefined) candidate.count -= weight;
  }

  #queueGrown(): void {
    for (const candidate of this.#grown) {
      const count = candidate.id === undefined ? candidate.count : Number.POSITIVE_INFINITY;
      if (count > 0) this.#queue.push({ candidate, count });
    }
    this.#grown.clear();
  }

  /** The candidate of the pair that begins at a position; undefined at the end of a word, or if too long. */
  #candidateAt(position: number): Candidate | undefined {
    if (position < 0) return undefined;
    const [left, next] = [this.#symbols[position] ?? -1, this.#next[position] ?? -1];
    if (left < 0 || next < 0) return undefined;
    const right = this.#symbols[next] ?? -1;
    const pair = left * pairBase + right;
    const known = this.#byPair.get(pair);
    if (known !== undefined || this.#byPair.has(pair)) return known;
    const candidate = this.#candidateOf(left, right);
    this.#byPair.set(pair, candidate);
    return candidate;
  }

  #candidateOf(left: number, right: number): Candidate | undefined {
    const length = (this.#lengths[left] ?? 0) + (this.#lengths[right] ?? 0);
    if (length > this.#maxLength) return undefined;
    const text = `${this.tokens[left]}${this.tokens[right]}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const order = text.replaceAll(" ", "\u2581");
    const candidate: Candidate = { text, order, length, count: 0, positions: [], id: undefined };
    this.#byText.set(text, candidate);
    return candidate;
  }
}
