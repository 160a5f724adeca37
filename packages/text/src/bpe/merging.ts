import { Heap } from "./heap.ts";

/** Pairs of tokens have one number: the left one's times this, and the right one's. */
const pairBase = 2 ** 20;

/** A token that could be made: all neighbours whose texts join to `text`. */
interface Candidate {
  readonly text: string;
  /** Decides between candidates that are as frequent and as long. */
  readonly order: string;
  /** Code points. */
  readonly length: number;
  /** How often such neighbours stand in the texts. */
  count: number;
  /** Where the left neighbour stood when it was noted; it may have been merged since. */
  positions: number[];
  /** Present once it is a token. */
  id: number | undefined;
}

/** A candidate, and its count when it was put in line. */
interface Queued {
  readonly candidate: Candidate;
  readonly count: number;
}

/**
 * Most frequent first; of those the shorter, then in the order of their code units, in which a space
 * stands where SentencePiece's sign for it does.
 */
function compare(a: Queued, b: Queued): number {
  if (a.count !== b.count) return b.count - a.count;
  const [one, other] = [a.candidate, b.candidate];
  if (one.length !== other.length) return one.length - other.length;
  return one.order < other.order ? -1 : 1;
}

/**
 * Words as chains of tokens in which the most frequent neighbours are merged, time after time
 * (Sennrich, Haddow & Birch 2016, algorithm 1). Each kind of word is there once, with its count, and a
 * merge touches only the places where its pair stands.
 */
export class Merging {
  /** The characters, then each merge's token. */
  readonly tokens: string[];
  readonly #lengths: number[];
  readonly #maxLength: number;
  /** By position: a token; `#next` and `#previous` are -1 at a chain's ends. */
  readonly #symbols: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** How often the word occurs to which a position belongs. */
  readonly #weights: Float64Array;
  readonly #byPair = new Map<number, Candidate | undefined>();
  readonly #byText = new Map<string, Candidate>();
  readonly #queue = new Heap(compare);
  /** Candidates that have become more since they were put in line. */
  readonly #grown = new Set<Candidate>();

  /**
   * @param words each with its count; a character that is none of `characters` parts what is before it
   *   from what is after it
   * @param maxLength of a token, in code points
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
    for (let position = 0; position < at; position++) this.#note(position);
    this.#queueGrown();
  }

  /**
   * Makes the next token.
   *
   * @returns false where no two tokens stand side by side `leastCount` times
   */
  merge(leastCount: number): boolean {
    for (;;) {
      const queued = this.#queue.pop();
      if (queued === undefined) return false;
      const { candidate, count } = queued;
      if (candidate.id !== undefined) {
        // Made before of other neighbours: these are the same token.
        this.#apply(candidate, candidate.id);
        continue;
      }
      if (count !== candidate.count) {
        // It has become less since; if it became more, it stands in line a second time.
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

  /** Merges a candidate's neighbours wherever they stand, from left to right. */
  #apply(candidate: Candidate, id: number): void {
    const positions = Int32Array.from(candidate.positions).sort();
    candidate.positions = [];
    for (const position of positions) {
      const right = this.#next[position] ?? -1;
      if (this.#candidateAt(position) !== candidate) continue;
      const [before, behind] = [this.#previous[position] ?? -1, this.#next[right] ?? -1];
      const weight = this.#weights[position] ?? 0;
      for (const gone of [before, position, right]) this.#lessen(gone, weight);
      this.#symbols[position] = id;
      this.#symbols[right] = -1;
      this.#next[right] = -1;
      this.#next[position] = behind;
      if (behind >= 0) this.#previous[behind] = position;
      this.#note(before);
      this.#note(position);
    }
    this.#queueGrown();
  }

  /** Counts the pair that begins at a position. */
  #note(position: number): void {
    const candidate = this.#candidateAt(position);
    if (candidate === undefined) return;
    candidate.count += this.#weights[position] ?? 0;
    candidate.positions.push(position);
    this.#grown.add(candidate);
  }

  #lessen(position: number, weight: number): void {
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

  /** What the pair that begins at a position would become; absent at a chain's end, and if too long. */
  #candidateAt(position: number): Candidate | undefined {
    if (position < 0) return undefined;
    const [left, behind] = [this.#symbols[position] ?? -1, this.#next[position] ?? -1];
    if (left < 0 || behind < 0) return undefined;
    const right = this.#symbols[behind] ?? -1;
    const pair = left * pairBase + right;
    const known = this.#byPair.get(pair);
    if (known !== undefined || this.#byPair.has(pair)) return known;
    const made = this.#candidateOf(left, right);
    this.#byPair.set(pair, made);
    return made;
  }

  #candidateOf(left: number, right: number): Candidate | undefined {
    const length = (this.#lengths[left] ?? 0) + (this.#lengths[right] ?? 0);
    if (length > this.#maxLength) return undefined;
    const text = `${this.tokens[left]}${this.tokens[right]}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const order = text.replaceAll(" ", "\u2581");
    const made: Candidate = { text, order, length, count: 0, positions: [], id: undefined };
    this.#byText.set(text, made);
    return made;
  }
}
