import SearchableMap from "minisearch/SearchableMap";
import { stem } from "porter2";
import { wordsOf } from "../text/clean.ts";
import { isContentWord } from "../text/function-words.ts";

/** Of BM25+: how soon more of a word counts no more, how much long texts are discounted, and what any match has. */
const [k, b, delta] = [1.2, 0.7, 0.5];
/** How many characters of an unknown word, as a fraction, may be wrong for it to be taken for a known one. */
const typos = 0.2;
/** The most characters, and how much such a word counts. */
const [mostTypos, typoWeight] = [6, 0.45];

/** The texts that have a term, and how often. */
interface Postings {
  readonly texts: number[];
  readonly counts: number[];
}

/**
 * Finds texts by their words: BM25+ (Lv & Zhai 2011) of stems, with typos, times the number of a query's words that a text
 * has. The scores are those of MiniSearch, which makes an object of each text that it finds; here they are numbers in
 * arrays, since a common word is in thousands.
 */
export class WordSearch {
  readonly #index = new SearchableMap<Postings>();
  /** Of each text's length: what its counts are compared with. */
  readonly #norms: Float64Array;

  constructor(texts: readonly string[]) {
    const words = texts.map(wordsOf);
    const lengths = words.map((each) => new Set(each).size);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    this.#norms = Float64Array.from(lengths, (length) => k * (1 - b + (b * length) / mean));
    for (const [text, each] of words.entries()) {
      for (const term of termsOf(each)) this.#add(term, text);
    }
  }

  /** Each text's score; 0 without a common word. */
  scores(query: string): Float32Array {
    const count = this.#norms.length;
    const [sums, matched] = [new Float64Array(count), new Uint16Array(count)];
    const last = new Int32Array(count).fill(-1);
    // Sorted, so that a word that stands there twice is one of the matched ones only once.
    const terms = termsOf(wordsOf(query)).sort();
    for (const term of terms) {
      const number = terms.indexOf(term);
      for (const [{ texts, counts }, weight] of this.#find(term)) {
        const rarity = Math.log(1 + (count - texts.length + 0.5) / (texts.length + 0.5));
        for (const [i, text] of texts.entries()) {
          const often = counts[i] ?? 0;
          const share = (often * (k + 1)) / (often + (this.#norms[text] ?? 0));
          sums[text] = (sums[text] ?? 0) + weight * rarity * (delta + share);
          if (last[text] !== number) matched[text] = (matched[text] ?? 0) + 1;
          last[text] = number;
        }
      }
    }
    return Float32Array.from(sums, (sum, text) => sum * (matched[text] ?? 0));
  }

  #add(term: string, text: number): void {
    const { texts, counts } = this.#index.fetch(term, () => ({ texts: [], counts: [] }));
    if (texts.at(-1) === text) counts.push((counts.pop() ?? 0) + 1);
    else {
      texts.push(text);
      counts.push(1);
    }
  }

  /** The texts of a term, or of those that it may be a typo of, with their weights. */
  #find(term: string): (readonly [Postings, number])[] {
    const known = this.#index.get(term);
    if (known !== undefined) return [[known, 1]];
    const most = Math.min(Math.round(term.length * typos), mostTypos);
    if (term.length < 4 || most === 0) return [];
    return Array.from(this.#index.fuzzyGet(term, most), ([found, [postings, distance]]) => {
      return [postings, (typoWeight * found.length) / (found.length + distance)] as const;
    });
  }
}

function termsOf(words: readonly string[]): string[] {
  return words.filter(isContentWord).map(stem);
}
