import { createRandom } from "@attend/runtime/random";
import type { SentenceVectors } from "@attend/sentence-vectors";
import { fitChoices, labeled } from "../fit-choices.ts";
import { cleanText } from "../text/clean.ts";
import { choiceOf, isUnanswered } from "./fit-matcher.ts";
import { type FaqPair, wordingsOf } from "./pairs.ts";
import { type Prior, priorOf } from "./prior.ts";
import { type Candidate, confidenceOf, rank } from "./ranking.ts";
import { trainMatcher } from "./train-matcher.ts";

/** A FAQ, and rewordings of its questions that are not taught. */
export interface RewordedFaq {
  readonly pairs: readonly FaqPair[];
  readonly questions: readonly { readonly text: string; readonly pair: number }[];
}

/** Of the weights that a prior has so far. */
const strength = 0.1;

/**
 * Fits the weights that every training starts from: to rewordings of the questions of several FAQs, asked as they
 * are, and every second one also with its pair left out.
 */
export async function fitPrior(
  faqs: readonly RewordedFaq[],
  vectors: SentenceVectors,
): Promise<Prior> {
  const start = priorOf(vectors.name);
  const asked: {
    right: number;
    ranked: (head: readonly number[], isThere: boolean) => Candidate[];
  }[] = [];
  for (const [i, { pairs, questions }] of faqs.entries()) {
    const matcher = await trainMatcher(pairs, vectors, { seed: createRandom(i).integer(2 ** 31) });
    const wordings = wordingsOf(pairs);
    const likenesses = await matcher.likeness(questions.map(({ text }) => cleanText(text)));
    for (const [q, likeness] of likenesses.entries()) {
      const right = questions[q]?.pair ?? -1;
      const isHidden = (wording: number) => wordings[wording]?.pair === right;
      asked.push({
        right,
        ranked: (head, isThere) => rank(likeness, wordings, head, isThere ? undefined : isHidden),
      });
    }
    matcher.dispose();
  }
  const choices = asked.flatMap(({ ranked, right }) => choiceOf(ranked(start.head, true), right));
  const head = fitChoices(choices, start.head, strength);
  const outcomes = [
    ...asked.map(({ ranked, right }) => {
      const there = ranked(head, true);
      return labeled(confidenceOf(there), there[0]?.pair === right);
    }),
    ...asked
      .filter(isUnanswered)
      .map(({ ranked }) => labeled(confidenceOf(ranked(head, false)), false)),
  ];
  return { head, calibration: fitChoices(outcomes, start.calibration, strength) };
}
