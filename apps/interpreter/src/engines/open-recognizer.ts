import type { Recognizer } from "@attend/audio";
import { type Install, loadRecognizer } from "@attend/speech-engines";

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
 * `attend-interpret train`. It hears whatever it is given: speech was found before.
 *
 * @throws AttendError of `loadRecognizer` or `loadSpeechRecognizer`
 */
export async function openRecognizer(choice: RecognizerChoice): Promise<Recognizer> {
  const { engine, model, language, install } = choice;
  if (typeof engine === "object") return engine;
  if (isOwn(choice)) {
    const { loadSpeechRecognizer } = await import("@attend/speech-recognition");
    return loadSpeechRecognizer({ model });
  }
  return loadRecognizer({ name: engine, language, install, detector: false });
}
