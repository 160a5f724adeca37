/** A question of a test, and what was answered. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly expected: string;
  readonly answer: string;
  readonly confidence: number;
  readonly confident: boolean;
}

/** How well a bot answers from stories; shares from 0 to 1. */
export interface StoryScores {
  readonly questions: number;
  /** Answered rightly, with confidence or not. */
  readonly accuracy: number;
  /** Answered rightly, and with confidence. */
  readonly answered: number;
  /** Answered wrongly, but with confidence. */
  readonly wrong: number;
}

/** Scores answers against the expected ones; there is at least one. */
export function storyScores(rows: readonly AnsweredQuestion[]): StoryScores {
  const share = (test: (row: AnsweredQuestion) => boolean) =>
    rows.filter(test).length / rows.length;
  const isRight = ({ answer, expected }: AnsweredQuestion) => answer === expected;
  return {
    questions: rows.length,
    accuracy: share(isRight),
    answered: share((row) => row.confident && isRight(row)),
    wrong: share((row) => row.confident && !isRight(row)),
  };
}
