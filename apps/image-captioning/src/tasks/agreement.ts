import { createCiderScorer } from "@attend/metrics";
import { Words } from "@attend/text";
import type { Example } from "../dataset.ts";

const { end } = Words.special;

/** CIDEr-D against the captions of photos; the end counts as a word, so that it is judged too. */
export function rewardScorer(examples: readonly Example[]) {
  const scorer = createCiderScorer<number>(
    examples.map(({ captions }) => captions.map((ids) => [...ids, end])),
    { variant: "cider-d" },
  );
  return {
    /** Of a caption that the model drew; without its end where it was cut off. */
    ofDraw: (example: number, tokens: readonly number[], ended: boolean) =>
      scorer.score(example, ended ? [...tokens, end] : tokens),
    /** Of each of the photo's own captions against its others. */
    ofCaptions: (example: number) =>
      (examples[example]?.captions ?? []).map((ids, place) =>
        scorer.score(example, [...ids, end], place),
      ),
  };
}

/**
 * How much each caption of each photo counts in training, 1 on average within a photo: the softmax over
 * its CIDEr-D against the photo's other captions, at a temperature. What several people said counts
 * more than what one did (after the weighted cross-entropy of Phan et al. 2017, 'Consensus-based
 * Sequence Training for Video Captioning', section 3.2, which weighs by the score itself).
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
