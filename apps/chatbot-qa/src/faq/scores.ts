/** What a FAQ bot found for a question of a test. */
export interface Judged {
  /** The place of the right answer among those found, from 1; undefined if it is not there, or there is none. */
  readonly rank: number | undefined;
  /** Whether the FAQ has an answer. */
  readonly isAnswerable: boolean;
  /** Of the first answer found. */
  readonly confidence: number;
  /** Whether it is given. */
  readonly confident: boolean;
}

/** How well a FAQ bot answers; shares from 0 to 1. */
export interface FaqScores {
  /** Questions that have an answer. */
  readonly questions: number;
  /** Whose right answer was found first. */
  readonly hit1: number;
  /** Whose right answer was among the first three. */
  readonly hit3: number;
  /** The mean reciprocal rank of the right answer. */
  readonly mrr: number;
  /** Answered rightly, and with confidence. */
  readonly answered: number;
  /** Answered wrongly, but with confidence. */
  readonly wrong: number;
  /** Questions without an answer, and the share of those that were answered with confidence. */
  readonly unanswerable: number;
  readonly madeUp: number;
}

/** The scores of a test; those without questions of their kind are NaN. */
export function scoresOf(judged: readonly Judged[]): FaqScores {
  const answerable = judged.filter((each) => each.isAnswerable);
  const others = judged.filter((each) => !each.isAnswerable);
  const given = (each: Judged) => each.confident;
  return {
    questions: answerable.length,
    hit1: share(answerable, isRight),
    hit3: share(answerable, ({ rank = 4 }) => rank <= 3),
    mrr: share(answerable, ({ rank }) => (rank === undefined ? 0 : 1 / rank)),
    answered: share(answerable, (each) => isRight(each) && given(each)),
    wrong: share(answerable, (each) => !isRight(each) && given(each)),
    unanswerable: others.length,
    madeUp: share(others, given),
  };
}

/** What a threshold of the confidence would give. */
export interface CurvePoint {
  readonly threshold: number;
  /** The share of all questions that would be answered wrongly with confidence. */
  readonly wrong: number;
  /** The share of the answerable questions that would be answered rightly. */
  readonly right: number;
}

/** Right answers against wrong ones for every threshold, from one that gives no answer down to one that gives all. */
export function curveOf(judged: readonly Judged[]): CurvePoint[] {
  const sorted = judged.toSorted((a, b) => b.confidence - a.confidence);
  const answerable = sorted.filter(({ isAnswerable }) => isAnswerable).length;
  const points: CurvePoint[] = [{ threshold: 1, wrong: 0, right: 0 }];
  let [wrong, right] = [0, 0];
  for (const [i, each] of sorted.entries()) {
    if (isRight(each)) right++;
    else wrong++;
    // Equal confidences are all above a threshold, or none is.
    if (sorted[i + 1]?.confidence === each.confidence) continue;
    points.push({
      threshold: each.confidence,
      wrong: wrong / sorted.length,
      right: answerable === 0 ? 0 : right / answerable,
    });
  }
  return points;
}

/** What the model's own threshold gives, as a point of the curve. */
export function chosenPoint(judged: readonly Judged[]): Pick<CurvePoint, "wrong" | "right"> {
  const wrong = share(judged, (each) => each.confident && !isRight(each));
  const { questions, answered } = scoresOf(judged);
  return { wrong, right: questions === 0 ? 0 : answered };
}

function isRight({ rank }: Judged): boolean {
  return rank === 1;
}

function share(judged: readonly Judged[], value: (each: Judged) => boolean | number): number {
  return judged.reduce((sum, each) => sum + Number(value(each)), 0) / judged.length;
}
