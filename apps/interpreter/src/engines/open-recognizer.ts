import type { Recognizer } from "@attend/audio";
import { loadRecognizer } from "@attend/speech-engines";
import { chooseEngine, type Install } from "./choose-engine.ts";

/** Which recognizer to open. */
export interface RecognizerChoice {
  readonly language?: string | undefined;
  readonly engine?: string | Recognizer | undefined;
  readonly model?: string | undefined;
  readonly install?: Install | undefined;
}

/** Whether a recognizer is one that was trained here: that of a model, or the shipped one of spoken digits. */
export function isOwn({ engine, model }: RecognizerChoice): boolean {
  return model !== undefined || engine === "digits";
}

/**
 * Opens a recognizer, which the caller closes: an engine, the shipped one of digits, or one written by
 * `attend-interpret train`.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name; DATA_MISSING if it is not installed
 */
export async function openRecognizer(choice: RecognizerChoice): Promise<Recognizer> {
  const { engine, model, language, install } = choice;
  if (typeof engine === "object") return engine;
  if (isOwn(choice)) {
    const { loadSpeechRecognizer } = await import("@attend/speech-recognition");
    return loadSpeechRecognizer({ model });
  }
  await chooseEngine({ kind: "vad", install });
  const name = await chooseEngine({ kind: "recognizer", language, name: engine, install });
  return loadRecognizer({ name, language });
}
