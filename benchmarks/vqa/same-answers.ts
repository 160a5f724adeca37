import type { Row } from "../support/table.ts";
import { type Setting, sides } from "./sides.ts";

/** Checks that both sides are the same model: the same answers for the same pixels, and nearly the same logits. */
export function compareAnswers({
  model,
  photos,
  questions,
  ids,
  temporary,
}: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    for (const side of [ours, torch]) await side.ask("load", { model });
    const { answers, ...files } = await ours.ask<{
      answers: number[];
      pixels: string;
      logits: string;
    }>("answers", { photos, questions, out: temporary });
    const theirs = await torch.ask<{ difference: number; largest: number; answers: number[] }>(
      "compare",
      { ...files, questions: ids },
    );
    const { difference, largest } = theirs;
    console.log(
      `\nThe same model on both sides: the logits of ${questions.length} questions differ by at most ${difference.toExponential(1)} (the largest is ${largest.toFixed(1)}).`,
    );
    if (!(difference < 1e-4 * largest)) throw new Error("the logits differ: not the same model");
    const other = answers.findIndex((answer, i) => answer !== theirs.answers[i]);
    if (other === -1) return [];
    throw new Error(`the answers to "${questions[other]}" differ: not the same model`);
  });
}
