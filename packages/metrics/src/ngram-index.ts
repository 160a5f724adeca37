/** Receives each n-gram of a sentence: its id and its length less one. */
type Visit = (id: number, order: number) => void;

/** More than any vocabulary; an edge's key stays a safe integer up to 2^32 n-grams. */
const maxTokens = 2 ** 20;

/**
 * Numbers n-grams densely, so that their counts and weights can live in typed arrays. An n-gram is the
 * edge from its first n - 1 tokens to its last one: a trie in one map from number to number.
 */
export class NgramIndex<Token extends string | number> {
  /** The length less one of each n-gram that is known. */
  readonly orders: number[] = [];
  readonly #maxLength: number;
  readonly #tokens = new Map<Token, number>();
  readonly #edges = new Map<number, number>();

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The number of n-grams known; their ids lie below. */
  get size(): number {
    return this.#edges.size;
  }

  /** Visits every n-gram of `sentence` as often as it occurs, and numbers the new ones for good. */
  add(sentence: readonly Token[], visit: Visit): void {
    const visitAndNote: Visit = (ngram, order) => {
      if (ngram === this.orders.length) this.orders.push(order);
      visit(ngram, order);
    };
    this.#walk(sentence, visitAndNote, this.#tokens, this.#edges, 0, 0);
  }

  /** The same, but ids of `size` and above are given to new n-grams for this one call only. */
  lookUp(sentence: readonly Token[], visit: Visit): void {
    this.#walk(sentence, visit, new Map(), new Map(), this.#tokens.size, this.#edges.size);
  }

  #walk(
    sentence: readonly Token[],
    visit: Visit,
    newTokens: Map<Token, number>,
    newEdges: Map<number, number>,
    firstToken: number,
    firstEdge: number,
  ): void {
    const tokens = sentence.map((token) => {
      let id = this.#tokens.get(token) ?? newTokens.get(token);
      if (id === undefined) {
        id = firstToken + newTokens.size;
        newTokens.set(token, id);
      }
      return id;
    });
    for (let start = 0; start < tokens.length; start++) {
      const end = Math.min(start + this.#maxLength, tokens.length);
      let ngram = -1;
      for (let i = start; i < end; i++) {
        const edge = (ngram + 1) * maxTokens + tokens[i]!;
        let next = this.#edges.get(edge) ?? newEdges.get(edge);
        if (next === undefined) {
          next = firstEdge + newEdges.size;
          newEdges.set(edge, next);
        }
        ngram = next;
        visit(ngram, i - start);
      }
    }
  }
}

/** How often each n-gram of a sentence occurs in it, by the id that `index` gives it. */
export function countNgrams<Token extends string | number>(
  index: NgramIndex<Token>,
  sentence: readonly Token[],
): Map<number, number> {
  const counts = new Map<number, number>();
  index.add(sentence, (ngram) => counts.set(ngram, (counts.get(ngram) ?? 0) + 1));
  return counts;
}
