import { AttendError } from "@attend/runtime/errors";

/** The answer types of VQA (Antol et al. 2015). */
export const answerTypes = ["yes/no", "number", "other"] as const;
/** One of {@link answerTypes}. */
export type AnswerType = (typeof answerTypes)[number];

const numberWords = new Set(
  [
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty hundred thousand",
  ].flatMap((words) => words.split(" ")),
);

/** The type of an answer: `yes` or `no`, a number in digits or words, or another. */
export function answerType(answer: string): AnswerType {
  const plain = answer.trim().toLowerCase();
  if (plain === "yes" || plain === "no") return "yes/no";
  return /^\d+([.,]\d+)*$/.test(plain) || numberWords.has(plain) ? "number" : "other";
}

/**
 * The answers that most people gave: one of ten, usually; all of a list without repetitions, such as
 * DAQUAR's. In the order of `answers`, each once.
 */
export function commonestAnswers(answers: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].filter(([, count]) => count === most).map(([answer]) => answer);
}

/** Options of {@link commonAnswers}. */
export interface CommonAnswersOptions {
  /** How many answers, at most. */
  readonly count?: number | undefined;
  /** Only answers of at least this many questions; default 1. */
  readonly minCount?: number | undefined;
  /** Answers with the same normal form are equal; the default ignores case and outer whitespace. */
  readonly normalize?: ((answer: string) => string) | undefined;
}

/**
 * The commonest answers, in normal form: the classes of a classifier. Counts the questions to which an
 * answer is the one that most people gave, see {@link commonestAnswers}.
 *
 * @returns most frequent first, equally frequent ones in the order of code units
 * @throws AttendError BAD_ARGUMENT if `count` or `minCount` is not a whole number of at least 1
 */
export function commonAnswers(
  rows: Iterable<{ readonly answers: readonly string[] }>,
  { count, minCount = 1, normalize = lowerCased }: CommonAnswersOptions = {},
): { answer: string; count: number }[] {
  for (const [name, value] of Object.entries({ count: count ?? 1, minCount })) {
    if (Number.isInteger(value) && value >= 1) continue;
    const message = `${name} is ${value}; give a whole number of at least 1`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const counts = new Map<string, number>();
  for (const { answers } of rows) {
    for (const answer of commonestAnswers(answers.map(normalize))) {
      if (answer !== "") counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([answer, count]) => ({ answer, count }))
    .filter((each) => each.count >= minCount)
    .sort((a, b) => b.count - a.count || (a.answer < b.answer ? -1 : 1))
    .slice(0, count);
}

function lowerCased(answer: string): string {
  return answer.trim().toLowerCase();
}
