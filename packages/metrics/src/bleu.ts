import { type Matches, matchCorpus, sumMatches } from "./bleu-matches.ts";
import { smoothBleu } from "./bleu-smoothing.ts";
import type { References, Sentence } from "./corpus.ts";

/** BLEU-1, BLEU-2, BLEU-3 and BLEU-4; 0 to 1. */
export type Bleu = [bleu1: number, bleu2: number, bleu3: number, bleu4: number];

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
  return { score: smallestBleu(sumMatches(matches)), perImage: matches.map(smallestBleu) };
}

/**
 * Corpus BLEU-1 to BLEU-4 as sacreBLEU computes it (Post, 'A Call for Clarity in Reporting BLEU
 * Scores', 2018) with `tokenize="none"`; multiply by 100 for its scale. For lines of text, which are
 * still to be tokenised, there is `scoreSacreBleu`.
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
  const counts = sumMatches(matchCorpus(candidates, references));
  return bleuOf(
    (order) => smoothBleu(counts, order + 1, { method: smoothing, value: 0 }, false).score,
  );
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

function bleuOf(score: (order: number) => number): Bleu {
  return [score(0), score(1), score(2), score(3)];
}
