import { AttendError } from "@attend/runtime/errors";
import { countNgrams, NgramIndex } from "../ngram-index.ts";
import { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
import { yesOrNo } from "./signature.ts";
import { removeWhiteSpace, splitWords } from "./white-space.ts";

export interface ChrfOptions {
  /** The longest n-gram of characters. Default 6. */
  readonly charOrder?: number;
  /** The longest n-gram of words: 0 (default) for chrF, 1 for chrF+, 2 for chrF++. */
  readonly wordOrder?: number;
  /** Recall counts `beta` times as much as precision; above 0. Default 2. */
  readonly beta?: number;
  /** Compares without regard to case. Default false. */
  readonly lowercase?: boolean;
  /** Leaves white space in the n-grams of characters. Default false. */
  readonly whitespace?: boolean;
  /** Counts the n-gram lengths of which a side has none as almost 0, not as absent. Default false. */
  readonly epsilonSmoothing?: boolean;
}

export interface ChrfScore {
  /** 0 to 100. */
  readonly score: number;
}

/** Of one n-gram length: in the hypothesis, in the reference, in both. */
const numbersAnOrder = 3;

/** What sacreBLEU puts for a precision or recall that is not defined. */
const epsilon = 1e-16;

/**
 * chrF (Popović, 'chrF: character n-gram F-score for automatic MT evaluation', 2015) and, with word order 2,
 * chrF++ (Popović, 'chrF++: words helping character n-grams', 2017) of lines of text, as sacreBLEU computes
 * them: precision and recall, from counts summed over the lines, are averaged over the n-gram lengths that
 * both sides have. Of several references the one that gives the line the best F-score counts.
 *
 * @throws AttendError BAD_ARGUMENT where an order is not a whole number, both are 0, or beta not above 0.
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
      const own = countLine(hypothesis, characters, words);
      let best: readonly number[] = [];
      let bestScore = -1;
      for (const reference of references) {
        const other = countLine(reference, characters, words);
        const statistics = [
          ...compare(own.letters, other.letters, characters.orders, charOrder),
          ...compare(own.words, other.words, words.orders, wordOrder),
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
 * @throws AttendError BAD_DATA where there is no line, not one hypothesis a line, or a line without
 * reference; BAD_ARGUMENT where an option is unfit.
 */
export function scoreChrf(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: ChrfOptions = {},
): ChrfScore & { readonly signature: string } {
  return scoreLines(chrfMetric(options), hypotheses, references);
}

/** How often each n-gram occurs, and how many tokens there are. */
interface Counted {
  readonly counts: ReadonlyMap<number, number>;
  readonly length: number;
}

function compare(own: Counted, other: Counted, orders: readonly number[], order: number): number[] {
  const statistics: number[] = [];
  for (let i = 0; i < order; i++) {
    const inReference = Math.max(other.length - i, 0);
    // A length that the reference is too short for is no fault of the hypothesis.
    const inHypothesis = inReference > 0 ? Math.max(own.length - i, 0) : 0;
    statistics.push(inHypothesis, inReference, 0);
  }
  for (const [ngram, times] of own.counts) {
    const common = Math.min(times, other.counts.get(ngram) ?? 0);
    statistics[numbersAnOrder * orders[ngram]! + 2]! += common;
  }
  return statistics;
}

function fOfAverages(statistics: ArrayLike<number>, beta: number): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < statistics.length; i += numbersAnOrder) {
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
  for (let i = 0; i < statistics.length; i += numbersAnOrder) {
    const [inHypothesis, inReference, common] = orderAt(statistics, i);
    const precision = inHypothesis > 0 ? common / inHypothesis : epsilon;
    const recall = inReference > 0 ? common / inReference : epsilon;
    sum += precision + recall > 0 ? fScore(precision, recall, beta) : epsilon;
  }
  return (100 * sum) / (statistics.length / numbersAnOrder);
}

function orderAt(statistics: ArrayLike<number>, at: number): [number, number, number] {
  return [statistics[at]!, statistics[at + 1]!, statistics[at + 2]!];
}

function fScore(precision: number, recall: number, beta: number): number {
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}

/** Parts one mark of ASCII from a word: the last character, or else the first; never both. */
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
      `chrF takes n-grams of up to charOrder characters and wordOrder words, whole numbers of 0 and above and not both 0; ${charOrder} and ${wordOrder} were given.`,
    );
  }
  if (!(beta > 0 && beta < Number.POSITIVE_INFINITY)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `chrF's beta is a number above 0, but ${beta} was given; 2 is usual.`,
    );
  }
}
