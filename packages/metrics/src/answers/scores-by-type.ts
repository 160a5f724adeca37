import { AttendError } from "@attend/runtime/errors";
import { mean } from "../corpus.ts";

/** The mean score of the questions of one type. */
export interface TypeScore {
  readonly score: number;
  readonly questions: number;
}

/**
 * The mean score of each type of question.
 *
 * @param perQuestion of `vqaAccuracy`, `accuracy`, `setAccuracy` or `wups`.
 * @param types of the same questions; those without a type are left out.
 * @throws AttendError BAD_DATA if the numbers of scores and types differ.
 */
export function scoresByType(
  perQuestion: readonly number[],
  types: readonly (string | undefined)[],
): Record<string, TypeScore> {
  if (perQuestion.length !== types.length) {
    throw new AttendError(
      "BAD_DATA",
      `${perQuestion.length} scores and ${types.length} types were given; pass one of each per question`,
    );
  }
  const groups = new Map<string, number[]>();
  for (const [question, type] of types.entries()) {
    if (type === undefined) continue;
    const group = groups.get(type) ?? [];
    group.push(perQuestion[question]!);
    groups.set(type, group);
  }
  return Object.fromEntries(
    Array.from(groups, ([type, scores]) => [
      type,
      { score: mean(scores), questions: scores.length },
    ]),
  );
}
