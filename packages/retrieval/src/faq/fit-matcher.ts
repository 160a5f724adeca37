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
/** The lowest threshold: an answer that is likelier wrong than right is never confident. */
const leastThreshold = 0.5;

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
      ...[...without(leftOut), ...rankAll(variants)].map((ranked) =>
        labeled(confidenceOf(ranked), false),
      ),
      // As many questions that are answered as there are variants.
      ...rankAll(likenesses.slice(0, variants.length)).map((ranked) =>
        labeled(confidenceOf(ranked), true),
      ),
    ],
    prior.calibration,
    strength,
  );
  const calibration = [...roundToFloat16(fitted)];
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
