import type { Recognizer } from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import { chooseEngine, type EngineChoice } from "../choose-engine.ts";
import { everythingDetector } from "../voice/everything.ts";
import { loadVoiceActivity } from "../voice/load-voice-activity.ts";
import type { VoiceActivity } from "../voice/voice-activity.ts";
import { EngineRecognizer, type Listening } from "./engine-recognizer.ts";
import { moonshine } from "./moonshine.ts";
import { pocketsphinx } from "./pocketsphinx.ts";
import { whisper } from "./whisper.ts";

/** Options of {@link loadRecognizer}. */
export interface RecognizerChoice extends EngineChoice {
  /**
   * Tells where speech is, and is closed with the recognizer; false if what is recognized is always speech, as when it was
   * cut by `speechSegments`. Default: the best that is installed.
   */
  readonly detector?: VoiceActivity | false | undefined;
}

/**
 * Loads a recognizer, which listens where a voice activity detector hears speech. The caller closes it.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or a language that it does not understand; DATA_MISSING with the
 *   remedy if it, or any of them, is not installed; whatever `install` throws
 */
export async function loadRecognizer(choice: RecognizerChoice = {}): Promise<Recognizer> {
  const engine = await chooseEngine("recognizer", choice);
  const listening = listeners[engine.name];
  if (listening === undefined)
    throw new AttendError("BAD_ARGUMENT", `${engine.name} cannot listen`);
  const { install } = choice;
  const detector = choice.detector ?? (await loadVoiceActivity({ install }));
  return new EngineRecognizer(engine, listening(), detector || everythingDetector());
}

const listeners: Readonly<Record<string, () => Listening>> = {
  pocketsphinx,
  moonshine,
  "whisper-base": () => whisper("base"),
  "whisper-tiny": () => whisper("tiny"),
  "whisper-small": () => whisper("small"),
};
