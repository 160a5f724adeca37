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
  /**
   * Called with each part of a sentence's speech as soon as it is spoken, for a listener who does not want to wait for the
   * whole sentence.
   */
  readonly onSpeech?: ((sentence: TranslatedSentence, part: Audio) => void) | undefined;
}

/** Speaks translations. Owns the synthesizer. */
export function sayStage(
  synthesizer: Synthesizer,
  { language, voice, onSpeech }: SayStageOptions,
): Stage<TranslatedSentence, SpokenSentence, "say"> {
  return stageOf({
    name: "say",
    async convert(sentence: TranslatedSentence, { signal }) {
      let isHeard = false;
      const onPart = (part: Audio) => {
        isHeard = true;
        onSpeech?.(sentence, part);
      };
      const audio = await synthesizer.say(sentence.translation.text, {
        ...{ language, signal },
        ...(voice !== undefined && { voice }),
        ...(onSpeech !== undefined && { onPart }),
      });
      // A synthesizer of one's own may not speak in parts.
      if (!isHeard) onSpeech?.(sentence, audio);
      return { ...sentence, audio };
    },
    close: () => synthesizer.close(),
  });
}
