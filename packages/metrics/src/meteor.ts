import { checkCorpus, type References, type Sentence } from "./corpus.ts";
import { functionWords } from "./function-words.ts";
import { align, countChunks } from "./meteor-alignment.ts";

/** METEOR 1.5's parameters for English, tuned for ranking (Denkowski & Lavie 2014, table 2). */
const alpha = 0.85;
const beta = 0.2;
const gamma = 0.6;
const delta = 0.75;
/** The weight of a stem match; an exact match has weight 1. */
const stemWeight = 0.6;

/**
 * METEOR 1.5 (Denkowski & Lavie, 'Meteor Universal', WMT 2014) for English with the exact and stem
 * matchers: equal to `meteor-1.5.jar -l en -m "exact stem"` on the same tokens. The synonym
 * (WordNet) and paraphrase matchers are not included, so scores are a few points below those in
 * captioning papers, which use all four.
 *
 * @returns the corpus score, from counts summed over the images (for each image, against its
 * best-scoring reference), and each image's score; 0 to 1.
 * @throws AttendError BAD_DATA if the number of candidates and images differ, or an image has no
 * reference.
 */
export function scoreMeteor(
  candidates: readonly Sentence[],
  references: References,
): { score: number; perImage: number[] } {
  checkCorpus(candidates, references);
  const best = candidates.map((candidate, image) => bestCounts(candidate, references[image]!));
  return { score: scoreCounts(best.reduce(add)), perImage: best.map(scoreCounts) };
}

/** The statistics a score is computed from; a function word weighs less than a content word. */
interface Counts {
  readonly candidateWeight: number;
  readonly referenceWeight: number;
  readonly candidateMatched: number;
  readonly referenceMatched: number;
  readonly matches: number;
  /**
   * Runs of matched words; 0 if a single run covers both sentences completely (no fragmentation).
   */
  readonly chunks: number;
}

function add(a: Counts, b: Counts): Counts {
  return {
    candidateWeight: a.candidateWeight + b.candidateWeight,
    referenceWeight: a.referenceWeight + b.referenceWeight,
    candidateMatched: a.candidateMatched + b.candidateMatched,
    referenceMatched: a.referenceMatched + b.referenceMatched,
    matches: a.matches + b.matches,
    chunks: a.chunks + b.chunks,
  };
}

/** The counts against the reference with the highest score; the first one on a tie. */
function bestCounts(candidate: Sentence, references: readonly Sentence[]): Counts {
  return references
    .map((reference) => compare(candidate, reference))
    .reduce((best, counts) => (scoreCounts(counts) > scoreCounts(best) ? counts : best));
}

function compare(candidate: Sentence, reference: Sentence): Counts {
  const matches = align(candidate, reference);
  const chunks = countChunks(matches);
  const isIdentical =
    chunks === 1 && matches.length === candidate.length && matches.length === reference.length;
  let candidateMatched = 0;
  let referenceMatched = 0;
  for (const match of matches) {
    const weight = match.exact ? 1 : stemWeight;
    candidateMatched += weight * weightOf(candidate[match.candidate]!);
    referenceMatched += weight * weightOf(reference[match.reference]!);
  }
  return {
    candidateWeight: sumWeights(candidate),
    referenceWeight: sumWeights(reference),
    candidateMatched,
    referenceMatched,
    matches: matches.length,
    chunks: isIdentical ? 0 : chunks,
  };
}

function weightOf(word: string): number {
  return functionWords.has(word) ? 1 - delta : delta;
}

function sumWeights(sentence: Sentence): number {
  return sentence.reduce((sum, word) => sum + weightOf(word), 0);
}

/** Equations 1 to 5 of the paper; 0 if nothing matches. */
function scoreCounts(counts: Counts): number {
  const { matches, chunks } = counts;
  if (matches === 0) return 0;
  const precision = counts.candidateMatched / counts.candidateWeight;
  const recall = counts.referenceMatched / counts.referenceWeight;
  const mean = 1 / ((1 - alpha) / precision + alpha / recall);
  const fragmentation = chunks / matches;
  return mean * (1 - gamma * fragmentation ** beta);
}
