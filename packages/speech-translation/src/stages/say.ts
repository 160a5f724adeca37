import type { Audio, Synthesizer } from "@attend/audio";
import { type Stage, stageOf } from "../stage.ts";
import type { TranslatedSentence } from "./translate.ts";

/** A sentence, its translation, and the translation spoken. */
export interface SpokenSentence extends TranslatedSentence {
  readonly audio: Audio;
}

/** How a {@link sayStage} speaks. */
export interface SayStageOptions {
  readonly language: string;
  /** One of the synthesizer's voices. */
  readonly voice?: string | undefined;
}

/** Speaks translations. Owns the synthesizer. */
export function sayStage(
  synthesizer: Synthesizer,
  { language, voice }: SayStageOptions,
): Stage<TranslatedSentence, SpokenSentence, "say"> {
  return stageOf({
    name: "say",
    async convert(sentence: TranslatedSentence, { signal }) {
      const options = { language, ...(voice !== undefined && { voice }), signal };
      return { ...sentence, audio: await synthesizer.say(sentence.translation.text, options) };
    },
    close: () => synthesizer.close(),
  });
}
