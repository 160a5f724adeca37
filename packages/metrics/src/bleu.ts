import { checkCorpus, type References, type Sentence } from "./corpus.ts";
import { countNgrams, NgramIndex } from "./ngram-index.ts";

/** BLEU-1, BLEU-2, BLEU-3 and BLEU-4; 0 to 1. */
export type Bleu = [bleu1: number, bleu2: number, bleu3: number, bleu4: number];

/** N-grams of one to four tokens. */
const maxLength = 4;

/**
 * BLEU (Papineni et al., 'BLEU: a Method for Automatic Evaluation of Machine Translation', 2002) as
 * pycocoevalcap computes it: n-gram counts summed over the images, the reference length nearest to the
 * candidate's (the shorter of two), and an image's own score from its own counts, where a length
 * without a match counts almost nothing instead of zero.
 *
 * @throws AttendError BAD_DATA where there is not one candidate an image, or a reference is missing.
 */
export function scoreBleu<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
): { score: Bleu; perImage: Bleu[] } {
  const matches = matchCorpus(candidates, references);
  return { score: smallestBleu(sum(matches)), perImage: matches.map(smallestBleu) };
}

/**
 * Corpus BLEU-1 to BLEU-4 as sacreBLEU computes it (Post, 'A Call for Clarity in Reporting BLEU
 * Scores', 2018) with `tokenize="none"`; multiply by 100 for its scale.
 *
 * @param smoothing what becomes of an n-gram length without a match: `none` gives 0, `exp` half of the
 * least possible precision, a quarter for the next such length and so on (NIST's mteval).
 * @throws AttendError BAD_DATA where there is not one candidate, or no reference, for a sentence.
 */
export function scoreCorpusBleu<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
  { smoothing = "exp" }: { smoothing?: "none" | "exp" } = {},
): Bleu {
  const counts = sum(matchCorpus(candidates, references));
  const precisions: number[] = [];
  let divisor = 1;
  for (const [order, total] of counts.total.entries()) {
    const correct = counts.correct[order]!;
    if (correct === 0 && smoothing === "exp") divisor *= 2;
    precisions.push(
      correct > 0 ? correct / total : smoothing === "exp" ? 1 / (divisor * total) : 0,
    );
  }
  // Without a single word in common no smoothing helps, nor where no n-gram of the length exists.
  const penalty = counts.correct[0] === 0 ? 0 : brevityPenalty(counts);
  return bleuOf((order) => {
    const used = precisions.slice(0, order + 1);
    if (used.some((precision) => precision === 0 || !Number.isFinite(precision))) return 0;
    return penalty * Math.exp(used.reduce((logs, p) => logs + Math.log(p), 0) / used.length);
  });
}

/** Matching and all n-grams by their length less one, and the lengths of the texts. */
interface Matches {
  readonly correct: readonly number[];
  readonly total: readonly number[];
  readonly length: number;
  readonly referenceLength: number;
}

function matchCorpus<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
): Matches[] {
  checkCorpus(candidates, references);
  return candidates.map((candidate, image) => match(candidate, references[image]!));
}

function match<Token extends string | number>(
  candidate: Sentence<Token>,
  references: readonly Sentence<Token>[],
): Matches {
  const index = new NgramIndex<Token>(maxLength);
  const own = countNgrams(index, candidate);
  const correct = new Map<number, number>();
  for (const reference of references) {
    for (const [ngram, times] of countNgrams(index, reference)) {
      const clipped = Math.min(own.get(ngram) ?? 0, times);
      if (clipped > (correct.get(ngram) ?? 0)) correct.set(ngram, clipped);
    }
  }
  const { length } = candidate;
  const orders = Array.from({ length: maxLength }, (_, order) => order);
  const correctByOrder = orders.map(() => 0);
  for (const [ngram, times] of correct) correctByOrder[index.orders[ngram]!]! += times;
  return {
    correct: correctByOrder,
    total: orders.map((order) => Math.max(length - order, 0)),
    length,
    referenceLength: nearest(
      length,
      references.map((reference) => reference.length),
    ),
  };
}

/** The nearest of `lengths`; of two as near the shorter. */
function nearest(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, other) => {
    const gain = Math.abs(best - length) - Math.abs(other - length);
    return gain > 0 || (gain === 0 && other < best) ? other : best;
  });
}

function sum(matches: readonly Matches[]): Matches {
  const total = (get: (one: Matches) => number) => matches.reduce((n, one) => n + get(one), 0);
  return {
    correct: matches[0]!.correct.map((_, order) => total((one) => one.correct[order]!)),
    total: matches[0]!.total.map((_, order) => total((one) => one.total[order]!)),
    length: total((one) => one.length),
    referenceLength: total((one) => one.referenceLength),
  };
}

/** pycocoevalcap keeps logarithms and divisions finite by adding these. */
const tiny = 1e-15;
const small = 1e-9;

function smallestBleu({ correct, total, length, referenceLength }: Matches): Bleu {
  const ratio = (length + tiny) / (referenceLength + small);
  const penalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return bleuOf((order) => {
    product *= (correct[order]! + tiny) / (total[order]! + small);
    return penalty * product ** (1 / (order + 1));
  });
}

function brevityPenalty({ length, referenceLength }: Matches): number {
  return length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
}

function bleuOf(score: (order: number) => number): Bleu {
  return [score(0), score(1), score(2), score(3)];
}
