import type { Translation, Translator } from "@attend/translator";
import { type Stage, stageOf } from "../stage.ts";
import type { Sentence } from "./sentences.ts";

/** A sentence and its translation. */
export interface TranslatedSentence extends Sentence {
  readonly translation: Translation;
}

/** How a {@link translateStage} translates. */
export interface TranslateStageOptions {
  /** Translations of each sentence, best first. Default 1. */
  readonly nBest?: number | undefined;
}

/** Translates sentence by sentence. Owns the translator. */
export function translateStage(
  translator: Pick<Translator, "translate" | "close">,
  { nBest = 1 }: TranslateStageOptions = {},
): Stage<Sentence, TranslatedSentence, "translate"> {
  return stageOf({
    name: "translate",
    async convert(sentence: Sentence, { signal }) {
      const translation = await translator.translate(sentence.text, { nBest, signal });
      return { ...sentence, translation };
    },
    // The geometric mean of the tokens' probabilities.
    confidence: ({ translation: { logProbability, tokens } }) =>
      Math.exp(logProbability / (tokens.length + 1)),
    async close() {
      translator.close();
    },
  });
}
