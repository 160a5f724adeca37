import type { Recognizer } from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import { chooseEngine, type EngineChoice } from "../choose-engine.ts";
import { loadVoiceActivity } from "../voice/load-voice-activity.ts";
import { EngineRecognizer, type Listening } from "./engine-recognizer.ts";
import { moonshine } from "./moonshine.ts";
import { pocketsphinx } from "./pocketsphinx.ts";
import { whisper } from "./whisper.ts";

/**
 * Loads a recognizer, which listens where a voice activity detector hears speech. The caller closes it.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or a language that it does not understand; DATA_MISSING with the
 *   remedy if it, or any of them, is not installed
 */
export async function loadRecognizer(choice: EngineChoice = {}): Promise<Recognizer> {
  const engine = chooseEngine("recognizer", choice);
  const listening = listeners[engine.name];
  if (listening === undefined)
    throw new AttendError("BAD_ARGUMENT", `${engine.name} cannot listen`);
  return new EngineRecognizer(engine, listening(), await loadVoiceActivity());
}

const listeners: Readonly<Record<string, () => Listening>> = {
  pocketsphinx,
  moonshine,
  "whisper-base": () => whisper("base"),
  "whisper-tiny": () => whisper("tiny"),
  "whisper-small": () => whisper("small"),
};
