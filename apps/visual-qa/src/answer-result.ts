import type { Picture } from "@attend/cnn-encoder";
import { AttendError } from "@attend/runtime";
import type { AskOptions } from "./asking.ts";
import { readingOf } from "./dataset.ts";
import type { AnswererModel } from "./model.ts";
import { type Answered, rankAnswers } from "./probabilities.ts";
import type { Regions, Scored } from "./scored.ts";

/** An answer. */
export interface AnswerResult {
  readonly question: string;
  readonly answer: string;
  /** Calibrated: of answers with a probability of 0.8, about 80 % are right. */
  readonly probability: number;
  /** Whether the probability reaches the model's threshold. */
  readonly confident: boolean;
  /** The runners-up, the most likely first. */
  readonly alternatives: readonly Answered[];
  /** If the model could not read all of the question, or knows few of its words, which is never `confident`. */
  readonly warning?: string;
  /** If requested, and if the model has attention. */
  readonly attention?: Regions;
  /** If requested. */
  readonly picture?: Picture;
}

/** @throws AttendError NOT_FINITE */
export function resultOf(
  question: string,
  { scored, picture }: { scored: Scored | undefined; picture: Picture | undefined },
  { config, tokens }: Pick<AnswererModel, "config" | "tokens">,
  { nBest = 5, ...shown }: AskOptions,
): AnswerResult {
  const [best, ...alternatives] = scored ? rankAnswers(scored, config, nBest + 1) : [];
  const { answer, probability } = best ?? { answer: "", probability: Number.NaN };
  if (!Number.isFinite(probability)) {
    const message =
      "the model has no answer because its weights are not finite; train it again or use another model";
    throw new AttendError("NOT_FINITE", message);
  }
  const { isUnderstood, warning } = readingOf(question, tokens, config.maxWords);
  return {
    question,
    answer,
    probability,
    confident: isUnderstood && probability >= config.threshold,
    alternatives,
    ...(warning !== undefined && { warning }),
    ...(shown.attention && scored?.attention && { attention: scored.attention }),
    ...(shown.picture && picture && { picture }),
  };
}
