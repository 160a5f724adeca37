import { type Matches, matchCorpus, sumMatches } from "./bleu-matches.ts";
import { smoothBleu } from "./bleu-smoothing.ts";
import type { References, Sentence } from "./corpus.ts";

/** BLEU-1, BLEU-2, BLEU-3 and BLEU-4, each from 0 to 1. */
export type Bleu = [bleu1: number, bleu2: number, bleu3: number, bleu4: number];

/**
 * BLEU (Papineni et al., 'BLEU: a Method for Automatic Evaluation of Machine Translation', 2002) as
 * pycocoevalcap computes it: n-gram counts are summed over the images, and the reference length is
 * the one closest to the candidate's (the shorter on a tie). An image's own score uses its own
 * counts; an order without a match contributes a tiny value instead of zero.
 *
 * @throws AttendError BAD_DATA if the number of candidates and images differ, or an image has no
 * reference.
 */
export function scoreBleu<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
): { score: Bleu; perImage: Bleu[] } {
  const matches = matchCorpus(candidates, references);
  return { score: smallestBleu(sumMatches(matches)), perImage: matches.map(smallestBleu) };
}

/**
 * Corpus BLEU-1 to BLEU-4 as sacreBLEU computes it (Post, 'A Call for Clarity in Reporting BLEU
 * Scores', 2018) with `tokenize="none"`; multiply by 100 for its scale. For text that is not yet
 * tokenized, use `scoreSacreBleu`.
 *
 * @param smoothing how an n-gram order without a match is scored: `none` gives 0; `exp` gives half
 * of one match for the first such order, a quarter for the next, and so on (NIST's mteval).
 * @throws AttendError BAD_DATA if the number of candidates and sentences differ, or a sentence has
 * no reference.
 */
export function scoreCorpusBleu<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
  { smoothing = "exp" }: { smoothing?: "none" | "exp" } = {},
): Bleu {
  const counts = sumMatches(matchCorpus(candidates, references));
  return bleuOf(
    (order) => smoothBleu(counts, order + 1, { method: smoothing, value: 0 }, false).score,
  );
}

/** pycocoevalcap adds these to keep logarithms and divisions finite. */
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

function bleuOf(score: (order: number) => number): Bleu {
  return [score(0), score(1), score(2), score(3)];
}
