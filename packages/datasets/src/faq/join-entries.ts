import { quoted } from "../name-some.ts";
import type { Faq, FaqEntry, FaqPair } from "./faq.ts";

interface Joined extends FaqPair {
  readonly questions: string[];
  readonly lines: number[];
}

/** Joins entries with one answer; leaves out questions that stand there twice, with a line for each. */
export function joinEntries(entries: readonly FaqEntry[], file: string): Faq {
  const byAnswer = new Map<string, Joined>();
  const known = new Map<string, { line: number; answer: string }>();
  const warnings: string[] = [];
  for (const { questions, answer, line } of entries) {
    for (const question of questions) {
      const key = plain(question);
      const before = known.get(key);
      if (before !== undefined) {
        // Wordings of one row that differ in punctuation alone are no mistake.
        if (before.line !== line)
          warnings.push(`${file} ${repetition(question, line, before, answer)}`);
        continue;
      }
      known.set(key, { line, answer });
      const pair = byAnswer.get(answer) ?? { questions: [], lines: [], answer };
      byAnswer.set(answer, pair);
      pair.questions.push(question);
      pair.lines.push(line);
    }
  }
  return { pairs: [...byAnswer.values()], warnings };
}

function repetition(
  question: string,
  line: number,
  before: { readonly line: number; readonly answer: string },
  answer: string,
): string {
  return before.answer === answer
    ? `line ${line}: ${quoted(question)} stands on line ${before.line}, too; left out`
    : `line ${line}: ${quoted(question)} has another answer than on line ${before.line}, which is kept; correct one of them`;
}

/** Case, spaces and punctuation do not make another question. */
function plain(question: string): string {
  const words = question
    .toLowerCase()
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return words === "" ? question : words;
}
