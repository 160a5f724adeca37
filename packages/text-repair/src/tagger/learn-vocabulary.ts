import type { TaggedWord } from "../words/tagged.ts";
import type { VocabularyJson } from "./vocabulary.ts";

/** More different words, or pairs of them, are not kept while counting: the rarest are forgotten. */
const [maxWords, maxPairs] = [2 ** 20, 2 ** 22];
/** A rarer form or name is not learned. */
const minCasedCount = 3;
/** What rarely follows a word is not learned. */
const minPairCount = 5;

interface Counted {
  /** By order of first use; pairs of words are numbers made from it. */
  readonly index: number;
  count: number;
  /** How often it was capitalized within a sentence. */
  capitalized: number;
}

/** Counts the words of texts in little memory. */
export class WordCounter {
  #words = new Map<string, Counted>();
  #used = 0;
  #pairs = new Map<number, number>();
  readonly #forms = new Map<string, Map<string, number>>();

  /** Counts the words of a sentence. */
  add(sentence: readonly TaggedWord[]): void {
    let before: Counted | undefined;
    for (const { key, casing, text } of sentence) {
      const word = this.#words.get(key) ?? { index: this.#used++, count: 0, capitalized: 0 };
      this.#words.set(key, word);
      word.count++;
      if (casing === "capitalized") word.capitalized++;
      if (casing === "form") this.#addForm(key, text);
      if (before !== undefined) increment(this.#pairs, pairOf(before, word));
      before = word;
    }
    if (this.#words.size > maxWords) this.#words = kept(this.#words, ({ count }) => count > 1);
    if (this.#pairs.size > maxPairs) this.#pairs = kept(this.#pairs, (count) => count > 1);
  }

  /** @param minCount rarer words are unknown */
  known(maxSize: number, minCount: number): Omit<VocabularyJson, "edits"> {
    const words = [...this.#words]
      .filter(([, { count }]) => count >= minCount)
      .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
      .slice(0, maxSize);
    const names = [...this.#words].filter(
      ([, { count, capitalized }]) => capitalized >= minCasedCount && capitalized > count / 2,
    );
    return {
      words: words.map(([word]) => word),
      counts: words.map(([, { count }]) => count),
      forms: this.#unusualForms(),
      names: names.map(([word]) => word).sort(),
      followers: this.#followers(words.map(([, word]) => word)),
    };
  }

  #addForm(key: string, text: string): void {
    const forms = this.#forms.get(key) ?? new Map<string, number>();
    increment(forms, text.replace(/[’‘]/g, "'"));
    this.#forms.set(key, forms);
  }

  /** The commonest unusual form of each word that has one. */
  #unusualForms(): Record<string, string> {
    const found = [...this.#forms].flatMap(([key, forms]) => {
      const [form = key, count = 0] = [...forms].sort(([, a], [, b]) => b - a)[0] ?? [];
      return count < minCasedCount ? [] : [[key, form] as const];
    });
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #followers(words: readonly Counted[]): string[] {
    const ids = new Map(words.map(({ index }, i) => [index, i + 1]));
    const rows = words.map((): number[] => []);
    for (const [pair, count] of this.#pairs) {
      const [first, second] = [ids.get(Math.floor(pair / 2 ** 26)), ids.get(pair % 2 ** 26)];
      if (count >= minPairCount && first !== undefined && second !== undefined) {
        rows[first - 1]?.push(second, count);
      }
    }
    return rows.map((row) => row.join(" "));
  }
}

/** Both indices as one number, exactly. */
function pairOf(first: Counted, second: Counted): number {
  return first.index * 2 ** 26 + second.index;
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function kept<Key, Value>(
  map: Map<Key, Value>,
  isKept: (value: Value) => boolean,
): Map<Key, Value> {
  return new Map([...map].filter(([, value]) => isKept(value)));
}
