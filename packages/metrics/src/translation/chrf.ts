import { AttendError } from "@attend/runtime/errors";
import { countNgrams, NgramIndex } from "../ngram-index.ts";
import { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
import { yesOrNo } from "./signature.ts";
import { removeWhiteSpace, splitWords } from "./white-space.ts";

/** Options with sacreBLEU's names and defaults. */
export interface ChrfOptions {
  /** The longest character n-gram. Default 6. */
  readonly charOrder?: number;
  /** The longest word n-gram: 0 (default) for chrF, 1 for chrF+, 2 for chrF++. */
  readonly wordOrder?: number;
  /** The weight of recall relative to precision; above 0. Default 2. */
  readonly beta?: number;
  /** Ignores case. Default false. */
  readonly lowercase?: boolean;
  /** Keeps white space in character n-grams. Default false. */
  readonly whitespace?: boolean;
  /**
   * Treats an n-gram order missing on one side as nearly 0 instead of skipping it. Default false.
   */
  readonly epsilonSmoothing?: boolean;
}

/** A chrF score. */
export interface ChrfScore {
  /** 0 to 100. */
  readonly score: number;
}

/** Statistics per n-gram order: the counts in the hypothesis, in the reference, and in both. */
const statisticsPerOrder = 3;

/** sacreBLEU's value for an undefined precision or recall. */
const epsilon = 1e-16;

/**
 * chrF (Popović, 'chrF: character n-gram F-score for automatic MT evaluation', 2015) and, with word
 * order 2, chrF++ (Popović, 'chrF++: words helping character n-grams', 2017) of lines of text, as
 * sacreBLEU computes them: precision and recall, from counts summed over the lines, are averaged
 * over the n-gram orders that both sides have. If a line has several references, the one with the
 * best F-score counts.
 *
 * @throws AttendError BAD_ARGUMENT if an order is not a nonnegative integer, both orders are 0, or
 * beta is not above 0.
 */
export function chrfMetric(options: ChrfOptions = {}): LineMetric<ChrfScore> {
  const { lowercase = false, whitespace = false, epsilonSmoothing = false } = options;
  const { charOrder = 6, wordOrder = 0, beta = 2 } = options;
  checkOptions(charOrder, wordOrder, beta);

  const score = (statistics: ArrayLike<number>) =>
    epsilonSmoothing ? averageOfF(statistics, beta) : fOfAverages(statistics, beta);

  function countLine(line: string, characters: NgramIndex<string>, words: NgramIndex<string>) {
    const text = lowercase ? line.toLowerCase() : line;
    const letters = [...(whitespace ? text : removeWhiteSpace(text))];
    const tokens = wordOrder > 0 ? splitWords(text).flatMap(separatePunctuation) : [];
    return {
      letters: { counts: countNgrams(characters, letters), length: letters.length },
      words: { counts: countNgrams(words, tokens), length: tokens.length },
    };
  }

  return {
    name: `chrF${beta}${"+".repeat(wordOrder)}`,
    higherIsBetter: true,
    settings: [
      `case:${lowercase ? "lc" : "mixed"}`,
      `eff:${yesOrNo(!epsilonSmoothing)}`,
      `nc:${charOrder}`,
      `nw:${wordOrder}`,
      `space:${yesOrNo(whitespace)}`,
    ],
    statistics(hypothesis, references) {
      const characters = new NgramIndex<string>(charOrder);
      const words = new NgramIndex<string>(wordOrder);
      const candidate = countLine(hypothesis, characters, words);
      let best: readonly number[] = [];
      let bestScore = -1;
      for (const reference of references) {
        const other = countLine(reference, characters, words);
        const statistics = [
          ...compare(candidate.letters, other.letters, characters.orders, charOrder),
          ...compare(candidate.words, other.words, words.orders, wordOrder),
        ];
        const scored = score(statistics);
        if (scored <= bestScore) continue;
        bestScore = scored;
        best = statistics;
      }
      return best;
    },
    result: (statistics) => ({ score: score(statistics) }),
  };
}

/**
 * Corpus chrF of lines of text, as sacreBLEU computes it; chrF++ with `{ wordOrder: 2 }`.
 *
 * @throws AttendError BAD_DATA if there are no lines, the number of hypotheses and lines differ, or
 * a line has no reference; BAD_ARGUMENT if an option is invalid.
 */
export function scoreChrf(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: ChrfOptions = {},
): ChrfScore & { readonly signature: string } {
  return scoreLines(chrfMetric(options), hypotheses, references);
}

/** How often each n-gram occurs, and the number of tokens. */
interface Counted {
  readonly counts: ReadonlyMap<number, number>;
  readonly length: number;
}

function compare(
  hypothesis: Counted,
  other: Counted,
  orders: readonly number[],
  order: number,
): number[] {
  const statistics: number[] = [];
  for (let i = 0; i < order; i++) {
    const inReference = Math.max(other.length - i, 0);
    // An order that the reference is too short for does not count against the hypothesis.
    const inHypothesis = inReference > 0 ? Math.max(hypothesis.length - i, 0) : 0;
    statistics.push(inHypothesis, inReference, 0);
  }
  for (const [ngram, times] of hypothesis.counts) {
    const common = Math.min(times, other.counts.get(ngram) ?? 0);
    statistics[statisticsPerOrder * orders[ngram]! + 2]! += common;
  }
  return statistics;
}

function fOfAverages(statistics: ArrayLike<number>, beta: number): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < statistics.length; i += statisticsPerOrder) {
    const [inHypothesis, inReference, common] = orderAt(statistics, i);
    if (inHypothesis === 0 || inReference === 0) continue;
    precision += common / inHypothesis;
    recall += common / inReference;
    orders++;
  }
  return precision === 0 ? 0 : 100 * fScore(precision / orders, recall / orders, beta);
}

function averageOfF(statistics: ArrayLike<number>, beta: number): number {
  let sum = 0;
  for (let i = 0; i < statistics.length; i += statisticsPerOrder) {
    const [inHypothesis, inReference, common] = orderAt(statistics, i);
    const precision = inHypothesis > 0 ? common / inHypothesis : epsilon;
    const recall = inReference > 0 ? common / inReference : epsilon;
    sum += precision + recall > 0 ? fScore(precision, recall, beta) : epsilon;
  }
  return (100 * sum) / (statistics.length / statisticsPerOrder);
}

function orderAt(statistics: ArrayLike<number>, at: number): [number, number, number] {
  return [statistics[at]!, statistics[at + 1]!, statistics[at + 2]!];
}

function fScore(precision: number, recall: number, beta: number): number {
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}

/**
 * Splits one ASCII punctuation mark off a word: the last character, otherwise the first; never
 * both.
 */
function separatePunctuation(word: string): string[] {
  if (word.length === 1) return [word];
  if (isMark(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
  return isMark(word[0]!) ? [word[0]!, word.slice(1)] : [word];
}

function isMark(character: string): boolean {
  return /[!-/:-@[-`{-~]/.test(character);
}

function checkOptions(charOrder: number, wordOrder: number, beta: number): void {
  const whole = [charOrder, wordOrder].every((order) => Number.isInteger(order) && order >= 0);
  if (!whole || charOrder + wordOrder === 0) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `charOrder is ${charOrder} and wordOrder is ${wordOrder}; both must be integers of 0 or more, and not both 0`,
    );
  }
  if (!(beta > 0 && beta < Number.POSITIVE_INFINITY)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `beta is ${beta}; it must be a number above 0, usually 2`,
    );
  }
}
