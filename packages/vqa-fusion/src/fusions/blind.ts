import type { Random } from "@attend/runtime";
import type { ConfigOf } from "../config.ts";
import { type Fused, Fusion, type Words } from "../fusion.ts";
import { createQuestionReader } from "../questions/create.ts";
import type { QuestionReader } from "../questions/question-reader.ts";

/**
 * The question alone ("LSTM Q", Antol et al. 2015, section 5.2): what the words give away, the baseline of all others.
 *
 *     joint = the question's vector
 */
export class Blind extends Fusion<Record<never, never>> {
  readonly size: number;
  readonly question: QuestionReader;

  constructor(config: ConfigOf<"blind">, random: Random | undefined) {
    super(config, random);
    this.question = createQuestionReader(config.question, config.embeddingSize, random);
    this.size = this.question.vectorSize;
  }

  protected see() {
    return {};
  }

  protected join(words: Words, _: unknown, random: Random | undefined): Fused {
    return { joint: this.question.read(words, random).vector };
  }
}
