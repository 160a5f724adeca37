import type { Recognizer } from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import { catalog, type Engine, engineCalled } from "../catalog.ts";
import { isInstalled, missingOf, remedyFor, requireInstalled } from "../install/installed.ts";
import { loadVoiceActivity } from "../voice/load-voice-activity.ts";
import { EngineRecognizer, type Listening } from "./engine-recognizer.ts";
import { whisper } from "./whisper.ts";

/** Options of {@link loadRecognizer}. */
export interface RecognizerOptions {
  /** One of `engines()`. Default: the best that is installed and not slower than speech. */
  readonly name?: string | undefined;
  /** What it must understand (`en`). */
  readonly language?: string | undefined;
}

/**
 * Loads a recognizer, which listens where a voice activity detector hears speech. The caller closes it.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or a language that it does not understand; DATA_MISSING with the
 *   remedy if it, or any of them, is not installed
 */
export async function loadRecognizer({
  name,
  language,
}: RecognizerOptions = {}): Promise<Recognizer> {
  const engine = name === undefined ? bestRecognizer(language) : engineCalled(name);
  const listening = listeners[engine.name];
  if (listening === undefined) {
    const message = `${engine.name} is not a recognizer; use one of ${Object.keys(listeners).join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (language !== undefined && !engine.languages.includes(language)) {
    const message = `${engine.name} does not understand "${language}"; use one of ${engine.languages.join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  requireInstalled(engine);
  return new EngineRecognizer(engine, listening(), await loadVoiceActivity());
}

const listeners: Readonly<Record<string, () => Listening>> = {
  "whisper-base": () => whisper("base"),
  "whisper-tiny": () => whisper("tiny"),
  "whisper-small": () => whisper("small"),
};

/** The first installed one of the catalog; if there is none, its first. */
function bestRecognizer(language: string | undefined): Engine {
  const fit = catalog.filter(
    ({ kind, languages, slow }) =>
      kind === "recognizer" && !slow && (language === undefined || languages.includes(language)),
  );
  const [first] = fit;
  if (first === undefined) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `no recognizer understands "${language}"; use another language`,
    );
  }
  const engine = fit.find(isInstalled);
  if (engine !== undefined) return engine;
  const message = `no speech recognizer is installed; ${remedyFor(first.name, missingOf(first.parts))}`;
  throw new AttendError("DATA_MISSING", message);
}
