import { functionWords, scoreCorpusBleu } from "@attend/metrics";
import { Words } from "@attend/text";
import type { Example } from "../dataset.ts";
import type { StageNamed } from "../training-config.ts";
import { rewardScorer } from "./agreement.ts";

const { end } = Words.special;

/** The reward of a sampled caption of an example; `ended` unless it was cut off. */
export type Reward = (example: number, tokens: readonly number[], ended: boolean) => number;

/**
 * The weighted sum of CIDEr-D, which rewards saying what people say of the photo; sentence BLEU-4, which rewards saying
 * it in their word order; and a penalty for each content word that occurs again ("a woman and a woman").
 */
export function createReward(
  examples: readonly Example[],
  words: Words,
  { ciderD, bleu4, repetition }: StageNamed<"self-critical">["reward"],
): Reward {
  const scorer = rewardScorer(examples);
  const references = examples.map(({ captions }) => captions.map((ids) => [...ids, end]));
  const bleuOf = (example: number, tokens: readonly number[], ended: boolean) => {
    const sentence = ended ? [...tokens, end] : [...tokens];
    return scoreCorpusBleu([sentence], [references[example] ?? []])[3];
  };
  return (example, tokens, ended) => {
    let reward = ciderD * scorer.ofSample(example, tokens, ended);
    if (bleu4 > 0) reward += bleu4 * bleuOf(example, tokens, ended);
    if (repetition > 0) reward -= repetition * countRepetitions(tokens, words);
    return reward;
  };
}

/** How many content words occurred before in the caption. */
function countRepetitions(tokens: readonly number[], words: Words): number {
  const content = tokens.filter((id) => !functionWords.has(words.token(id)));
  return content.length - new Set(content).size;
}
