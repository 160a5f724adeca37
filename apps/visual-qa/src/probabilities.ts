import { highest } from "@attend/runtime";
import type { Candidates } from "./answers/answer-head.ts";
import type { AnswererConfig } from "./config.ts";

/** An answer, and how likely it is. */
export interface Answered {
  readonly answer: string;
  readonly probability: number;
}

type ProbabilityConfig = Pick<AnswererConfig, "temperature" | "answers">;

/** Whether each answer has a probability of its own, rather than a share of 1. */
export function isEachByItself({ answers }: Pick<AnswererConfig, "answers">): boolean {
  return answers.kind === "classes" && answers.loss === "several";
}

/** The calibrated probability of each answer. */
export function probabilitiesOf(logits: ArrayLike<number>, config: ProbabilityConfig): number[] {
  const scaled = Array.from(logits, (logit) => logit / config.temperature);
  if (isEachByItself(config)) return scaled.map((logit) => 1 / (1 + Math.exp(-logit)));
  const highest = scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = scaled.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The most likely answers, the best first. */
export function rankAnswers(
  { answers, logits }: Candidates,
  config: ProbabilityConfig,
  count: number,
): Answered[] {
  const probabilities = probabilitiesOf(logits, config);
  return highest(probabilities, count).map((index) => ({
    answer: answers[index] ?? "",
    probability: probabilities[index] ?? 0,
  }));
}

/** The most likely answer. */
export function bestAnswer(candidates: Candidates, config: ProbabilityConfig): Answered {
  return rankAnswers(candidates, config, 1)[0] ?? { answer: "", probability: 0 };
}
