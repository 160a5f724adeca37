import MiniSearch from "minisearch";
import { stem } from "porter2";
import { wordsOf } from "../text/clean.ts";
import { isContentWord } from "../text/function-words.ts";

/** How many characters of an unknown word, as a fraction, may be wrong for it to be taken for a known one. */
const typos = 0.2;

/** Finds texts by their words: BM25+ (Lv & Zhai 2011) of stems, with typos. */
export class WordSearch {
  readonly #search: MiniSearch<{ id: number; text: string }>;
  readonly #count: number;

  constructor(texts: readonly string[]) {
    const known = new Set<string>();
    const stemOf = (word: string) => (isContentWord(word) ? stem(word) : null);
    this.#search = new MiniSearch({
      fields: ["text"],
      tokenize: wordsOf,
      processTerm(word) {
        const term = stemOf(word);
        if (term !== null) known.add(term);
        return term;
      },
      searchOptions: {
        tokenize: wordsOf,
        processTerm: stemOf,
        fuzzy: (term) => (term.length < 4 || known.has(term) ? false : typos),
      },
    });
    this.#count = texts.length;
    this.#search.addAll(texts.map((text, id) => ({ id, text })));
  }

  /** Each text's score; 0 without a common word. */
  scores(query: string): Float32Array {
    const scores = new Float32Array(this.#count);
    const found = this.#search.search(query);
    for (const { id, score } of found) scores[Number(id)] = score;
    return scores;
  }
}
