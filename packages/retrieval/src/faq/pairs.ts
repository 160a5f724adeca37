import { AttendError } from "@attend/runtime/errors";
import { cleanText, wordsOf } from "../text/clean.ts";

/** A question, in one or several wordings, and its answer. */
export interface FaqPair {
  readonly questions: readonly string[];
  readonly answer: string;
}

/** A question that several pairs have. */
export interface RepeatedQuestion {
  /** As the first of the pairs words it. */
  readonly question: string;
  /** The indexes of the pairs, from 0; one twice if it words the question so twice. */
  readonly pairs: readonly number[];
  /** Whether their answers differ: only one of them can be given. */
  readonly conflicting: boolean;
}

/** The same for texts that differ in case, spaces and punctuation alone. */
export function keyOf(text: string): string {
  return wordsOf(text).join(" ") || text;
}

/** The questions that stand there several times, see `keyOf`. */
export function repeatedQuestions(pairs: readonly FaqPair[]): RepeatedQuestion[] {
  const found = new Map<string, { question: string; pairs: number[] }>();
  for (const [pair, { questions }] of pairs.entries()) {
    for (const question of questions) {
      const key = keyOf(cleanText(question));
      const before = found.get(key);
      if (before === undefined) found.set(key, { question, pairs: [pair] });
      else before.pairs.push(pair);
    }
  }
  return [...found.values()]
    .filter((each) => each.pairs.length > 1)
    .map((each) => {
      const answers = new Set(each.pairs.map((pair) => cleanText(pairs[pair]?.answer ?? "")));
      return { ...each, conflicting: answers.size > 1 };
    });
}

/** @throws AttendError BAD_DATA if there are no pairs, or one has no question or an empty question or answer */
export function checkPairs(pairs: readonly FaqPair[]): void {
  if (pairs.length === 0) {
    throw new AttendError("BAD_DATA", "no questions with answers were given; give at least one");
  }
  for (const [i, { questions, answer }] of pairs.entries()) {
    const isComplete =
      questions.length > 0 && [...questions, answer].every((text) => cleanText(text) !== "");
    if (isComplete) continue;
    const message = `pair ${i} (counted from 0) has an empty question or answer; complete it or leave it out`;
    throw new AttendError("BAD_DATA", message);
  }
}

/** A wording of a pair's question. */
export interface Wording {
  readonly pair: number;
  readonly text: string;
}

export function wordingsOf(pairs: readonly FaqPair[]): Wording[] {
  return pairs.flatMap(({ questions }, pair) =>
    questions.map((text) => ({ pair, text: cleanText(text) })),
  );
}
