import type { Random } from "@attend/runtime";
import type { QuestionConfig } from "../config.ts";
import { BagOfWords } from "./bag-of-words.ts";
import type { QuestionReader } from "./question-reader.ts";
import { RecurrentReader } from "./recurrent-reader.ts";
import { TransformerReader } from "./transformer-reader.ts";

/**
 * @param inputSize size of a word's vector
 * @param random initializes the weights; without it they are zero, to be loaded
 */
export function createQuestionReader(
  config: QuestionConfig,
  inputSize: number,
  random: Random | undefined,
): QuestionReader {
  switch (config.kind) {
    case "lstm":
    case "gru":
      return new RecurrentReader(config, inputSize, random);
    case "bag-of-words":
      return new BagOfWords(config, inputSize);
    case "transformer":
      return new TransformerReader(config, inputSize, random);
  }
}
