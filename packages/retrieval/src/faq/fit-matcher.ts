import type { Random } from "@attend/runtime";
import { type Choice, fitChoices, labeled, logistic } from "../fit-choices.ts";
import { roundToFloat16 } from "../float16.ts";
import { cleanText } from "../text/clean.ts";
import { negated, withSwappedEnds } from "../text/variants.ts";
import type { FaqMatcher } from "./faq-matcher.ts";
import { type Wording, wordingsOf } from "./pairs.ts";
import { priorOf } from "./prior.ts";
import { type Candidate, confidenceOf, type Likeness, rank } from "./ranking.ts";

/** What is chosen for a matcher. */
export interface FittedMatcher {
  readonly head: readonly number[];
  readonly calibration: readonly number[];
  readonly threshold: number;
}

/** Only so many wordings, and variants of them, are learned from, which keeps training short. */
const [maxWordings, maxVariants] = [1000, 200];
/** Of the prior: inverse variance of its weights. */
const strength = 1;
/** How many questions without an answer may get a confident one; half are of the same subjects, half from elsewhere. */
const falseAlarms = 0.05;
/** The lowest threshold, since few pairs say little of false alarms. */
const leastThreshold = 0.3;

/** Fits the head, then the calibration, then the threshold of a matcher, whose vectors are filled. */
export async function fitMatcher(
  matcher: FaqMatcher,
  options: {
    readonly random: Random;
    /** Of each wording. */
    readonly vectors: readonly Float32Array[];
    readonly elsewhere: readonly string[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<FittedMatcher> {
  const { random, signal } = options;
  const wordings = wordingsOf(matcher.pairs);
  const prior = priorOf(matcher.config.encoder);
  const asked = random.shuffle([...wordings.keys()]).slice(0, maxWordings);
  const textOf = (i: number) => wordings[i]?.text ?? "";
  const likenesses = matcher.likenessOf(
    asked.map(textOf),
    asked.flatMap((i) => options.vectors[i] ?? []),
  );
  const known = asked.map((wording, i) => ({ wording, likeness: likenesses[i] }));
  const leftOut = known.filter(({ wording }) => isReworded(matcher, wordings[wording]));

  const rankLeftOut = (head: readonly number[]) =>
    leftOut.flatMap(({ wording, likeness }) => {
      if (likeness === undefined) return [];
      const ranked = rank(likeness, wordings, head, (i) => i === wording);
      return [{ ranked, right: wordings[wording]?.pair }];
    });
  const choices = rankLeftOut(prior.head).flatMap(({ ranked, right }) => choiceOf(ranked, right));
  const head = [...roundToFloat16(fitChoices(choices, prior.head, strength))];

  const rankWithoutPair = ({ wording, likeness }: (typeof known)[number]): Candidate[] =>
    likeness === undefined
      ? []
      : rank(likeness, wordings, head, (i) => wordings[i]?.pair === wordings[wording]?.pair);
  const without = (of: typeof known) =>
    of.map(rankWithoutPair).filter((ranked) => ranked.length > 0);
  const variants = await matcher.likeness(variantsOf(asked.map(textOf), wordings), { signal });
  const elsewhere = await matcher.likeness(options.elsewhere.map(cleanText), { signal });
  const rankAll = (of: readonly Likeness[]) => of.map((each) => rank(each, wordings, head));
  const fitted = fitChoices(
    [
      ...rankLeftOut(head).map(({ ranked, right }) =>
        labeled(confidenceOf(ranked), ranked[0]?.pair === right),
      ),
      ...without(leftOut.filter(isUnanswered)).map((ranked) =>
        labeled(confidenceOf(ranked), false),
      ),
    ],
    prior.calibration,
    strength,
  );
  const calibration = [...roundToFloat16(withOpposites(fitted, rankAll(variants)))];
  const confidences = (of: readonly Candidate[][]) =>
    of.map((ranked) => logistic(confidenceOf(ranked), calibration));
  const [near, far] = [confidences(without(known)), confidences(rankAll(elsewhere))];
  const threshold = Math.max(
    leastThreshold,
    thresholdAgainst([near, far]),
    thresholdAgainst([far]),
  );
  return { head, calibration, threshold };
}

/**
 * How much a refusal and a swap count against an answer, from opposites of taught questions. The other weights stay: these
 * questions are as near to their pairs as no rewording is, and must not make the matcher doubt what is less near.
 */
function withOpposites(
  calibration: readonly number[],
  opposites: readonly (readonly Candidate[])[],
): number[] {
  const [score = 0, share = 0, ofRefusal = 0, ofSwap = 0, bias = 0] = calibration;
  const choices = opposites.map((ranked) => {
    const [value = 0, part = 0, refusal = 0, swapped = 0] = confidenceOf(ranked);
    return labeled([refusal, swapped], false, score * value + share * part + bias);
  });
  const signs = fitChoices(choices, [ofRefusal, ofSwap], strength);
  return [score, share, ...signs, bias];
}

/**
 * Which questions are also asked with their pair left out, to calibrate: every second one, as if a third of the
 * questions that people ask had no answer.
 */
export function isUnanswered(_question: unknown, index: number): boolean {
  return index % 2 === 1;
}

/** Which of the ranked pairs is right, for the head; none if it is not among them. */
export function choiceOf(ranked: readonly Candidate[], pair: number | undefined): Choice[] {
  const right = ranked.findIndex((each) => each.pair === pair);
  return right < 0 ? [] : [{ options: ranked.map(({ features }) => features), right }];
}

/** Whether the pair of a wording can be found by another of its wordings. */
function isReworded(matcher: FaqMatcher, wording: Wording | undefined): boolean {
  return (matcher.pairs[wording?.pair ?? -1]?.questions.length ?? 0) > 1;
}

/** Opposites of questions, except those that are taught themselves. */
function variantsOf(questions: readonly string[], wordings: readonly Wording[]): string[] {
  const taught = new Set(wordings.map(({ text }) => text.toLowerCase()));
  return questions
    .flatMap((question) => [negated(question), withSwappedEnds(question)])
    .filter((text) => text !== undefined)
    .filter((text) => !taught.has(text.toLowerCase()))
    .slice(0, maxVariants);
}

/** The lowest threshold that at most a share `falseAlarms` of the confidences reaches, each kind counting the same. */
function thresholdAgainst(kinds: readonly (readonly number[])[]): number {
  const there = kinds.filter(({ length }) => length > 0);
  const all = there.flatMap((kind) =>
    kind.map((confidence) => ({ confidence, share: 1 / kind.length / there.length })),
  );
  let reached = 0;
  for (const { confidence, share } of all.sort((a, b) => b.confidence - a.confidence)) {
    reached += share;
    if (reached > falseAlarms) return Math.min(confidence + 1e-6, 1);
  }
  return 0;
}
