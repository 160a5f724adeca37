import { createCiderScorer } from "@attend/metrics";
import { Words } from "@attend/text";
import type { Example } from "../dataset.ts";

const { end } = Words.special;

/** CIDEr-D against the photos' captions; the end token counts as a word, so it is scored, too. */
export function rewardScorer(examples: readonly Example[]) {
  const scorer = createCiderScorer<number>(
    examples.map(({ captions }) => captions.map((ids) => [...ids, end])),
    { variant: "cider-d" },
  );
  return {
    /** Scores a sampled caption; without the end token if it was cut off. */
    ofSample: (example: number, tokens: readonly number[], ended: boolean) =>
      scorer.score(example, ended ? [...tokens, end] : tokens),
    /** Scores each of the photo's own captions against its others. */
    ofCaptions: (example: number) =>
      (examples[example]?.captions ?? []).map((ids, index) =>
        scorer.score(example, [...ids, end], index),
      ),
  };
}

/**
 * The training weight of each caption of each photo, 1 on average within a photo: the softmax over
 * its CIDEr-D against the photo's other captions, at a temperature. Captions on which several people agree
 * get a higher weight (after the weighted cross-entropy of Phan et al. 2017, 'Consensus-based
 * Sequence Training for Video Captioning', section 3.2, which uses the score itself as the weight).
 */
export function agreementWeights(examples: readonly Example[], temperature: number): number[][] {
  const scorer = rewardScorer(examples);
  return examples.map((_, example) => {
    const scores = scorer.ofCaptions(example);
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp((score - largest) / temperature));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => (scores.length * power) / total);
  });
}
