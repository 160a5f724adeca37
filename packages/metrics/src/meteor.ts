import { checkCorpus, type References, type Sentence } from "./corpus.ts";
import { functionWords } from "./function-words.ts";
import { align, countChunks } from "./meteor-alignment.ts";

/** Parameters of METEOR 1.5 for English, tuned to rank (Denkowski & Lavie 2014, table 2). */
const alpha = 0.85;
const beta = 0.2;
const gamma = 0.6;
const delta = 0.75;
/** What a match of stems counts, where one of words counts 1. */
const stemWeight = 0.6;

/**
 * METEOR 1.5 (Denkowski & Lavie, 'Meteor Universal', WMT 2014) for English with the modules exact and
 * stem: equal to `meteor-1.5.jar -l en -m "exact stem"` on the same tokens. The modules synonym
 * (WordNet) and paraphrase are left out, so scores lie some points below those of papers on captions,
 * which use all four.
 *
 * @returns the corpus's score, computed from counts summed over the images (each with the reference
 * that suits it best), and the images' own; 0 to 1.
 * @throws AttendError BAD_DATA where there is not one candidate an image, or a reference is missing.
 */
export function scoreMeteor(
  candidates: readonly Sentence[],
  references: References,
): { score: number; perImage: number[] } {
  checkCorpus(candidates, references);
  const best = candidates.map((candidate, image) => bestCounts(candidate, references[image]!));
  return { score: scoreCounts(best.reduce(add)), perImage: best.map(scoreCounts) };
}

/** What a score is made of; a function word weighs less than a content word. */
interface Counts {
  readonly candidateWeight: number;
  readonly referenceWeight: number;
  readonly candidateMatched: number;
  readonly referenceMatched: number;
  readonly matches: number;
  /** Runs of matched words; 0 for one run that is the whole of both sentences: no fragments. */
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

/** The counts against the first of the references that give the highest score. */
function bestCounts(candidate: Sentence, references: readonly Sentence[]): Counts {
  return references
    .map((reference) => compare(candidate, reference))
    .reduce((best, counts) => (scoreCounts(counts) > scoreCounts(best) ? counts : best));
}

function compare(candidate: Sentence, reference: Sentence): Counts {
  const matches = align(candidate, reference);
  const chunks = countChunks(matches);
  const whole =
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
    chunks: whole ? 0 : chunks,
  };
}

function weightOf(word: string): number {
  return functionWords.has(word) ? 1 - delta : delta;
}

function sumWeights(sentence: Sentence): number {
  return sentence.reduce((sum, word) => sum + weightOf(word), 0);
}

/** Equations 1 to 5 of the paper; 0 where nothing matches. */
function scoreCounts(counts: Counts): number {
  const { matches, chunks } = counts;
  if (matches === 0) return 0;
  const precision = counts.candidateMatched / counts.candidateWeight;
  const recall = counts.referenceMatched / counts.referenceWeight;
  const mean = 1 / ((1 - alpha) / precision + alpha / recall);
  const fragmentation = chunks / matches;
  return mean * (1 - gamma * fragmentation ** beta);
}
