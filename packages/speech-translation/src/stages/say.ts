import type { Audio, SayOptions, Synthesizer } from "@attend/audio";
import { type Stage, stageOf } from "../stage.ts";
import type { TranslatedSentence } from "./translate.ts";

/** A sentence, its translation, and the translation spoken. */
export interface SpokenSentence extends TranslatedSentence {
  readonly audio: Audio;
}

/** Speaks translations. Owns the synthesizer. */
export function sayStage(
  synthesizer: Synthesizer,
  options: Omit<SayOptions, "signal">,
): Stage<TranslatedSentence, SpokenSentence, "say"> {
  return stageOf({
    name: "say",
    async convert(sentence: TranslatedSentence, { signal }) {
      const audio = await synthesizer.say(sentence.translation.text, { ...options, signal });
      return { ...sentence, audio };
    },
    close: () => synthesizer.close(),
  });
}
