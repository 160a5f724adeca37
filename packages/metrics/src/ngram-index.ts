/** Called with each n-gram of a sentence: its id and its order minus one. */
type Visit = (id: number, order: number) => void;

/**
 * Larger than any vocabulary, and small enough that the key of an edge is a safe integer for up to
 * 2^32 n-grams.
 */
const maxTokens = 2 ** 20;

/**
 * Assigns consecutive ids to n-grams, so that their counts and weights can be stored in typed
 * arrays. An n-gram is the edge from its first n - 1 tokens to its last: a trie stored as a single
 * map from number to number.
 */
export class NgramIndex<Token extends string | number> {
  /** The order minus one of each known n-gram. */
  readonly orders: number[] = [];
  readonly #maxLength: number;
  readonly #tokens = new Map<Token, number>();
  readonly #edges = new Map<number, number>();

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The number of known n-grams; their ids are below it. */
  get size(): number {
    return this.#edges.size;
  }

  /**
   * Visits every n-gram of `sentence` once per occurrence, and assigns permanent ids to new ones.
   */
  add(sentence: readonly Token[], visit: Visit): void {
    const visitAndNote: Visit = (ngram, order) => {
      if (ngram === this.orders.length) this.orders.push(order);
      visit(ngram, order);
    };
    this.#walk(sentence, visitAndNote, this.#tokens, this.#edges, 0, 0);
  }

  /** Like `add`, but new n-grams get ids from `size` upward that are valid only for this call. */
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

/** How often each n-gram occurs in a sentence, by its id in `index`. */
export function countNgrams<Token extends string | number>(
  index: NgramIndex<Token>,
  sentence: readonly Token[],
): Map<number, number> {
  const counts = new Map<number, number>();
  index.add(sentence, (ngram) => counts.set(ngram, (counts.get(ngram) ?? 0) + 1));
  return counts;
}
