import type { Random } from "@attend/runtime/random";
import type { Trie } from "./trie.ts";

/** The tokens that paths through a word consist of. */
interface Edges {
  readonly trie: Trie;
  /** By token, from `firstToken` on. */
  readonly scores: Float64Array;
  readonly firstToken: number;
  /** The score of a character without a token. */
  readonly unknownScore: number;
}

/** Finds a segmentation of a word among all possible ones. Its memory is reused for the next word. */
export class Lattice {
  readonly #edges: Edges;
  /** By position in the word, the score of the best path to it, or of all of them. */
  #scores = new Float64Array(64);
  /** By position, where the last token of the path to it begins, and its id; -1 for a character. */
  #starts = new Int32Array(64);
  #tokens = new Int32Array(64);

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  /** Where the token of the path that ends at `end` begins. */
  startOf(end: number): number {
    return this.#starts[end] ?? 0;
  }

  /** The token of the path that ends at `end`; -1 for a character without one. */
  tokenOf(end: number): number {
    return this.#tokens[end] ?? -1;
  }

  /** Finds the most likely path (Viterbi 1967); of equal ones, that with the longer last token. */
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
   * Samples a path with a probability proportional to that of its tokens to the power of `alpha`: sums over
   * all paths forward, then samples backward.
   */
  sample(word: string, { random, alpha }: { random: Random; alpha: number }): void {
    this.#clear(word.length);
    const scores = this.#scores;
    this.#forEachEdge(word, (start, end, id, score) => {
      const [path, others] = [(scores[start] ?? 0) + alpha * score, scores[end] ?? 0];
      const greater = Math.max(path, others);
      const total = greater + Math.log1p(Math.exp(Math.min(path, others) - greater));
      scores[end] = total;
      // Reservoir sampling: keeping each new path with its fraction of the total is fair to all.
      if (random.uniform() >= Math.exp(path - total)) return;
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

  /** Visits the tokens at all reachable positions, from the beginning to the end of the word. */
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
