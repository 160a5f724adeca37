/** How well one mark, or several, were restored. */
export interface MarkScore {
  /** Of the marks that were set, the share that is right; 0 for none. */
  readonly precision: number;
  /** Of the marks that should be there, the share that was set; 0 for none. */
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1: number;
}

/** The result of {@link scorePunctuation}. */
export interface PunctuationScores<Mark extends string> {
  readonly marks: Readonly<Record<Mark, MarkScore>>;
  /** Over all marks together (the micro mean). */
  readonly micro: MarkScore;
}

/**
 * Precision, recall and F1 of each mark and of all together (Tilk & Alumäe 2016, section 3.2).
 *
 * @param found the mark after each word; anything that is not one of `marks` is no mark
 * @param expected as many
 * @param marks those that count, such as comma, period and question mark
 */
export function scorePunctuation<Mark extends string>(
  found: readonly string[],
  expected: readonly string[],
  marks: readonly Mark[],
): PunctuationScores<Mark> {
  const counts = marks.map((mark) => {
    const set = found.filter((each) => each === mark).length;
    const due = expected.filter((each) => each === mark).length;
    const right = found.filter((each, i) => each === mark && expected[i] === mark).length;
    return { mark, set, due, right };
  });
  const sum = (key: "set" | "due" | "right") =>
    counts.reduce((total, each) => total + each[key], 0);
  const scores = counts.map((each) => [each.mark, scoreOf(each)]);
  return {
    marks: Object.fromEntries(scores),
    micro: scoreOf({ set: sum("set"), due: sum("due"), right: sum("right") }),
  };
}

function scoreOf({ set, due, right }: { set: number; due: number; right: number }): MarkScore {
  const share = (all: number) => (all === 0 ? 0 : right / all);
  const f1 = set + due === 0 ? 0 : (2 * right) / (set + due);
  return { precision: share(set), recall: share(due), f1 };
}
