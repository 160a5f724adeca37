import { AttendError } from "@attend/runtime/errors";
import { checkCorpus, checkReferences, mean, type References, type Sentence } from "./corpus.ts";
import { countNgrams, NgramIndex } from "./ngram-index.ts";

/**
 * `cider-d` clips each n-gram's weight to the reference's and applies a Gaussian penalty to
 * differences in length; this is what pycocoevalcap's `Cider` computes and what papers on COCO
 * report as 'CIDEr'. `cider` does neither. Both are multiplied by 10, as in the authors'
 * implementation.
 */
export type CiderVariant = "cider" | "cider-d";

/** Scores a candidate against the references of one image. */
export interface CiderScorer<Token extends string | number> {
  /**
   * @param image the index of the image in the references passed to `createCiderScorer`.
   * @param without the index of a reference to leave out, so that it can be scored against the
   * image's other references.
   * @returns 0 to 10; 0 if no reference remains.
   * @throws AttendError BAD_ARGUMENT if there is no such image.
   */
  score(image: number, candidate: Sentence<Token>, without?: number): number;
}

/** The longest n-gram, in tokens. */
const maxLength = 4;
/** The standard deviation of the Gaussian length penalty (Vedantam et al. 2015, section 4). */
const sigma = 6;

/**
 * CIDEr (Vedantam, Lawrence Zitnick & Parikh, 'CIDEr: Consensus-based Image Description
 * Evaluation', CVPR 2015, equations 1 to 5) against a fixed corpus of references. Document
 * frequencies and reference vectors are computed once, so that a score takes microseconds and can
 * serve as a reward in training. Tokens may be words or ids, as long as both sides use the same
 * kind; end markers are not stripped.
 *
 * A corpus of one image gives 0 for everything, since each of its n-grams is in every document.
 *
 * @param references those of each image; an n-gram's document frequency is the number of images
 * whose references contain it.
 * @throws AttendError BAD_DATA if there are no images, or an image has no reference.
 */
export function createCiderScorer<Token extends string | number>(
  references: References<Token>,
  { variant = "cider-d" }: { variant?: CiderVariant } = {},
): CiderScorer<Token> {
  checkReferences(references);
  const clipped = variant === "cider-d";
  const index = new NgramIndex<Token>(maxLength);
  const counted = references.map((sentences) => sentences.map((words) => count(index, words)));

  const imagesWith = new Uint32Array(index.size);
  for (const sentences of counted) {
    for (const ngram of new Set(sentences.flatMap(({ ngrams }) => [...ngrams])))
      imagesWith[ngram]!++;
  }
  // An n-gram that occurs in no reference counts as if it occurred in one image.
  const logImages = Math.log(references.length);
  const inverseFrequencies = Float64Array.from(imagesWith, (n) => logImages - Math.log(n));
  const orders = Uint8Array.from(index.orders);
  const vectors = counted.map((sentences) =>
    sentences.map((counts) => weigh(counts, inverseFrequencies, orders)),
  );
  /** TF-IDF weights of the current candidate by n-gram; all zero between calls. */
  const weights = new Float64Array(index.size);

  return {
    score(image, candidate, without) {
      const all = vectors[image];
      if (all === undefined) {
        throw new AttendError(
          "BAD_ARGUMENT",
          `there is no image ${image}; the scorer has images 0 to ${vectors.length - 1}`,
        );
      }
      const own = without === undefined ? all : all.filter((_, index) => index !== without);
      if (own.length === 0) return 0;
      const known: number[] = [];
      const unknown = new Map<number, number>();
      const squares = [0, 0, 0, 0];
      index.lookUp(candidate, (ngram, order) => {
        const inverse = inverseFrequencies[ngram] ?? logImages;
        let before: number;
        if (ngram < weights.length) {
          before = weights[ngram]!;
          weights[ngram] = before + inverse;
          known.push(ngram);
        } else {
          before = unknown.get(ngram) ?? 0;
          unknown.set(ngram, before + inverse);
        }
        squares[order]! += inverse * (2 * before + inverse); // (before + inverse)^2 - before^2
      });
      const norms = squares.map(Math.sqrt);
      const length = lengthOf(candidate);
      let total = 0;
      for (const reference of own) {
        const similarity = compare(weights, norms, reference, orders, clipped);
        const difference = length - reference.length;
        total += clipped
          ? similarity * Math.exp(-(difference ** 2) / (2 * sigma ** 2))
          : similarity;
      }
      for (const ngram of known) weights[ngram] = 0;
      return (10 * total) / own.length;
    },
  };
}

/** CIDEr of one candidate per image; the corpus score is the mean over images. */
export function scoreCider<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
  options?: { variant?: CiderVariant },
): { score: number; perImage: number[] } {
  checkCorpus(candidates, references);
  const scorer = createCiderScorer(references, options);
  const perImage = candidates.map((candidate, image) => scorer.score(image, candidate));
  return { score: mean(perImage), perImage };
}

/** The n-grams of a sentence and how often each occurs. */
interface Counts {
  readonly ngrams: Int32Array;
  readonly times: Uint32Array;
  readonly length: number;
}

/** A reference's TF-IDF vectors for all n-gram orders, concatenated. */
interface Vector {
  readonly ngrams: Int32Array;
  readonly weights: Float64Array;
  readonly norms: Float64Array;
  readonly length: number;
}

function count<Token extends string | number>(
  index: NgramIndex<Token>,
  sentence: Sentence<Token>,
): Counts {
  const counts = countNgrams(index, sentence);
  return {
    ngrams: Int32Array.from(counts.keys()),
    times: Uint32Array.from(counts.values()),
    length: lengthOf(sentence),
  };
}

function weigh(
  { ngrams, times, length }: Counts,
  inverseFrequencies: Float64Array,
  orders: Uint8Array,
): Vector {
  const weights = Float64Array.from(times, (n, i) => n * inverseFrequencies[ngrams[i]!]!);
  const squares = new Float64Array(maxLength);
  for (let i = 0; i < ngrams.length; i++) squares[orders[ngrams[i]!]!]! += weights[i]! ** 2;
  return { ngrams, weights, norms: squares.map(Math.sqrt), length };
}

/** The reference implementation counts bigrams, so that lengths 0 and 1 are the same. */
function lengthOf(sentence: Sentence<string | number>): number {
  return Math.max(sentence.length - 1, 0);
}

/** The mean over n of the cosine similarity of two sentences' n-gram vectors. */
function compare(
  weights: Float64Array,
  norms: readonly number[],
  reference: Vector,
  orders: Uint8Array,
  clipped: boolean,
): number {
  const products = [0, 0, 0, 0];
  for (let i = 0; i < reference.ngrams.length; i++) {
    const ngram = reference.ngrams[i]!;
    const weight = weights[ngram]!;
    if (weight === 0) continue;
    const other = reference.weights[i]!;
    products[orders[ngram]!]! += (clipped ? Math.min(weight, other) : weight) * other;
  }
  let sum = 0;
  for (let order = 0; order < maxLength; order++) {
    const norm = norms[order]! * reference.norms[order]!;
    if (norm !== 0) sum += products[order]! / norm;
  }
  return sum / maxLength;
}
