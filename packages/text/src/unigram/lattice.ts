import type { Random } from "@attend/runtime/random";
import type { Trie } from "./trie.ts";

/** What the ways through a word are made of. */
interface Edges {
  readonly trie: Trie;
  /** By token, from `firstToken` on. */
  readonly scores: Float64Array;
  readonly firstToken: number;
  /** Of a character that is no token. */
  readonly unknownScore: number;
}

/** All ways to cut a word into tokens; finds one of them. Its memory is used again for the next word. */
export class Lattice {
  readonly #edges: Edges;
  /** By place in the word: of the best way there, or of all together. */
  #scores = new Float64Array(64);
  /** By place: where the last token of the way there begins, and which it is; -1 for a character. */
  #starts = new Int32Array(64);
  #tokens = new Int32Array(64);

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  /** Where the token that ends at a place of the way found begins. */
  startOf(end: number): number {
    return this.#starts[end] ?? 0;
  }

  /** The token that ends there; -1 where it is a character that has none. */
  tokenOf(end: number): number {
    return this.#tokens[end] ?? -1;
  }

  /** Finds the most likely way (Viterbi 1967); of such that are equal, the one with the longer last token. */
  best(word: string): void {
    this.#clear(word.length);
    const scores = this.#scores;
    this.#forEachEdge(word, (start, end, id, score) => {
      const reached = (scores[start] ?? 0) + score;
      if (reached <= (scores[end] ?? 0)) return;
      scores[end] = reached;
      this.#starts[end] = start;
      this.#tokens[end] = id;
    });
  }

  /**
   * Draws a way, each with the probability that its tokens have together, to the power of `alpha`: sums
   * over all ways from the front, then draws from the end.
   */
  sample(word: string, { random, alpha }: { random: Random; alpha: number }): void {
    this.#clear(word.length);
    const scores = this.#scores;
    this.#forEachEdge(word, (start, end, id, score) => {
      const [way, others] = [(scores[start] ?? 0) + alpha * score, scores[end] ?? 0];
      const greater = Math.max(way, others);
      const total = greater + Math.log1p(Math.exp(Math.min(way, others) - greater));
      scores[end] = total;
      // The last of those that came is kept with its share of all: each is then kept with its own share.
      if (random.uniform() >= Math.exp(way - total)) return;
      this.#starts[end] = start;
      this.#tokens[end] = id;
    });
  }

  #clear(length: number): void {
    if (length >= this.#scores.length) {
      this.#scores = new Float64Array(2 * length);
      this.#starts = new Int32Array(2 * length);
      this.#tokens = new Int32Array(2 * length);
    }
    this.#scores.fill(Number.NEGATIVE_INFINITY, 1, length + 1);
    this.#scores[0] = 0;
  }

  /** Visits tokens from places that can be reached, from the front to the end of the word. */
  #forEachEdge(
    word: string,
    visit: (start: number, end: number, id: number, score: number) => void,
  ): void {
    const { trie, scores, firstToken, unknownScore } = this.#edges;
    const { length } = word;
    for (let start = 0; start < length; start++) {
      if (this.#scores[start] === Number.NEGATIVE_INFINITY) continue;
      const character = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      let isToken = false;
      let node = 0;
      for (let end = start + 1; end <= length; end++) {
        node = trie.step(node, word.charCodeAt(end - 1));
        if (node === 0) break;
        const id = trie.tokenAt(node);
        if (id < 0) continue;
        if (end - start === character) isToken = true;
        visit(start, end, id, scores[id - firstToken] ?? 0);
      }
      if (!isToken) visit(start, start + character, -1, unknownScore);
    }
  }
}
