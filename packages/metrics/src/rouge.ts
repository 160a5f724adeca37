import { checkCorpus, mean, type References, type Sentence } from "./corpus.ts";

/** The weight of recall relative to precision, as in pycocoevalcap. */
const beta = 1.2;

/**
 * ROUGE-L (Lin, 'ROUGE: A Package for Automatic Evaluation of Summaries', 2004, section 3) as
 * pycocoevalcap computes it: the F-score of the best precision and the best recall over the
 * references, which may come from different references.
 *
 * @returns the mean over the images, and each image's score; 0 to 1.
 * @throws AttendError BAD_DATA if the number of candidates and images differ, or an image has no
 * reference.
 */
export function scoreRougeL<Token extends string | number>(
  candidates: readonly Sentence<Token>[],
  references: References<Token>,
): { score: number; perImage: number[] } {
  checkCorpus(candidates, references);
  const perImage = candidates.map((candidate, image) => {
    let precision = 0;
    let recall = 0;
    for (const reference of references[image]!) {
      const common = commonLength(candidate, reference);
      precision = Math.max(precision, common / Math.max(candidate.length, 1));
      recall = Math.max(recall, common / Math.max(reference.length, 1));
    }
    if (precision === 0) return 0;
    return ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision);
  });
  return { score: mean(perImage), perImage };
}

/** The length of the longest common subsequence; 1 for two empty sentences. */
function commonLength<Token>(a: readonly Token[], b: readonly Token[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  // row[j]: the length for the tokens of `a` so far and the first j tokens of `b`.
  const row = new Uint32Array(b.length + 1);
  for (const token of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      row[j] = token === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]!);
      diagonal = above;
    }
  }
  return row[b.length]!;
}
