import { AttendError } from "@attend/runtime/errors";
import {
  decodeWith,
  framingTokens,
  type SpecialTokens,
  type TokenDecoder,
  type Tokenizer,
  type TokenizerJson,
  unknownToken,
} from "../tokenizer.ts";
import { Vocabulary } from "../vocabulary.ts";
import { detokenize } from "./detokenize.ts";
import { tokenize } from "./tokenize.ts";

/** The JSON of {@link Words}: special tokens, then words, in the order of their ids. */
export interface WordsJson extends TokenizerJson {
  readonly kind: "words";
}

/** The names of the special tokens: padding, start, end and the unknown word. */
export const specialNames: readonly string[] = [...framingTokens, unknownToken];
const unknown = 3;

/**
 * The words of captions: text is split by `tokenize`, which drops case and punctuation, and joined by
 * `detokenize`. Created by `learnWords` or `parseTokenizer`.
 */
export class Words implements Tokenizer {
  /** The same for all word tokenizers. */
  static readonly special: SpecialTokens = {
    pad: 0,
    start: 1,
    end: 2,
    unknown,
    suppressed: [0, unknown],
  };
  readonly unit = "words";
  readonly special = Words.special;
  readonly #vocabulary: Vocabulary;

  /**
   * @param words the first one has the id 4, after the special tokens
   * @throws AttendError BAD_DATA if one occurs twice
   */
  constructor(words: readonly string[]) {
    this.#vocabulary = new Vocabulary([...specialNames, ...words]);
  }

  get size(): number {
    return this.#vocabulary.size;
  }

  /** One id per word; that of the unknown word for words that are not in the vocabulary. */
  encode(text: string): number[] {
    return tokenize(text).map((word) => Math.max(this.#idOf(word), unknown));
  }

  /** The words as a sentence. */
  decode(ids: Iterable<number>): string {
    return decodeWith(this, ids);
  }

  /** Returns the entire sentence at the end, because spelling and spacing depend on neighboring words. */
  decoder(): TokenDecoder {
    const words: string[] = [];
    return {
      push: (id) => {
        const word = this.token(id);
        if (id >= specialNames.length) words.push(word);
        return "";
      },
      flush: () => detokenize(words.splice(0)),
      suppressed: [this.special.start, ...this.special.suppressed],
    };
  }

  token(id: number): string {
    return this.#vocabulary.token(id);
  }

  /** Whether a word from `tokenize` has its own id. */
  has(word: string): boolean {
    return this.#idOf(word) >= specialNames.length;
  }

  knows(text: string): boolean {
    return tokenize(text).every((word) => this.has(word));
  }

  charactersOf(id: number): number {
    const word = this.token(id);
    return id < specialNames.length ? 0 : [...word].length;
  }

  /** The JSON that `parseTokenizer` reads. */
  toJSON(): WordsJson {
    return { kind: "words", tokens: this.#vocabulary.tokens };
  }

  #idOf(word: string): number {
    return this.#vocabulary.idOf(word) ?? unknown;
  }
}

/**
 * Numbers the words that occur at least `minCount` times, by descending count, ties in the order of their
 * code units.
 *
 * @throws AttendError BAD_ARGUMENT if `minCount` is not a whole number of at least 1
 */
export function learnWords(
  texts: Iterable<string>,
  { minCount = 1 }: { readonly minCount?: number | undefined } = {},
): Words {
  if (!Number.isInteger(minCount) || minCount < 1) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `minCount is ${minCount}; give a whole number of at least 1`,
    );
  }
  const counts = countWords(texts);
  // A word spelled like a special token must not become it.
  for (const name of specialNames) counts.delete(name);
  const kept = [...counts].filter(([, count]) => count >= minCount);
  kept.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return new Words(kept.map(([word]) => word));
}

/**
 * The largest `minCount`, up to the requested one, with which at most the fraction `maxUnknown` of all words
 * (counting repetitions) becomes unknown; at least 1.
 *
 * @returns also the unknown fraction with the requested `minCount`: 0 for no words
 */
export function fitMinCount(
  texts: Iterable<string>,
  { minCount, maxUnknown }: { minCount: number; maxUnknown: number },
): { minCount: number; requestedUnknown: number } {
  const counts = [...countWords(texts).values()];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const unknownBy = (least: number) =>
    counts.reduce((sum, count) => sum + (count < least ? count : 0), 0) / Math.max(total, 1);
  const requestedUnknown = unknownBy(minCount);
  let fitting = minCount;
  while (fitting > 1 && unknownBy(fitting) > maxUnknown) fitting--;
  return { minCount: fitting, requestedUnknown };
}

/** How often each word occurs in texts, as `tokenize` splits them. */
export function countWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of tokenize(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
