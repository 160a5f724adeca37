import type { Audio, Recognizer, Synthesizer } from "@attend/audio";
import { type Install, loadVoiceActivity } from "@attend/speech-engines";
import {
  chainOf,
  detectStage,
  recognizeStage,
  repairStage,
  sayStage,
  splitStage,
  type TranslatedSentence,
  translateStage,
} from "@attend/speech-translation";
import { loadRepairer } from "@attend/text-repair";
import { isOwn, openRecognizer } from "./engines/open-recognizer.ts";
import { openSynthesizer } from "./engines/open-synthesizer.ts";
import { openTranslator } from "./engines/open-translator.ts";
import { Interpreter } from "./interpreter.ts";

/** Seconds of silence after which what is spoken now is recognized. */
const draftSilence = 0.25;

/** Options of {@link loadInterpreter}. */
export interface InterpreterOptions {
  /** The language that is spoken; default `en`. */
  readonly from?: string | undefined;
  /** The language of the translation; default `ja`. */
  readonly to?: string | undefined;
  /** The recognizer's name, or one of your own, which the interpreter closes. Default: the best that is installed. */
  readonly engine?: string | Recognizer | undefined;
  /** The folder of a recognizer written by `attend-interpret train`, in place of `engine`. */
  readonly model?: string | undefined;
  /** The folder of a model written by `attend-translate train`. Default: a shipped one. */
  readonly translator?: string | undefined;
  /** The synthesizer's name, one of your own, or false to speak nothing. Default: the best that is installed. */
  readonly synthesizer?: string | Synthesizer | false | undefined;
  /** One of the synthesizer's voices. */
  readonly voice?: string | undefined;
  /** Called with each part of a sentence's speech as soon as it is spoken, before the whole sentence is. */
  readonly onSpeech?: ((sentence: TranslatedSentence, part: Audio) => void) | undefined;
  /** Whether spelling, casing, punctuation and numbers are repaired; default true. */
  readonly repair?: boolean | undefined;
  /** Readings that each stage finds; default 1. */
  readonly nBest?: number | undefined;
  /**
   * Whether the sound is spoken now: what may be a whole sentence is recognized before the pause after it tells that it is,
   * which takes more work, and is ready earlier. Default false.
   */
  readonly live?: boolean | undefined;
  /** Installs an engine that is needed. Default: a missing engine is an error, which names the command that installs it. */
  readonly install?: Install | undefined;
}

/**
 * Loads the engines and models from speech in one language to speech in another. The caller closes the interpreter.
 *
 * @throws AttendError BAD_ARGUMENT for languages that nothing translates or speaks, or an unknown engine; DATA_MISSING with
 *   the remedy for an engine that is not installed
 */
export async function loadInterpreter(options: InterpreterOptions = {}): Promise<Interpreter> {
  const { from = "en", to = "ja", repair = true, voice, nBest, install, onSpeech } = options;
  const opened: Closable[] = [];
  const keep = <Part extends Closable>(part: Part): Part => {
    opened.unshift(part);
    return part;
  };
  try {
    // First, since it tells whether the languages are possible.
    const translator = keep(await openTranslator({ from, to, model: options.translator }));
    const recognizer = keep(await openRecognizer({ ...options, language: from }));
    // Nothing is downloaded for a recognizer that comes with the program.
    const detector = keep(await loadVoiceActivity(isOwn(options) ? {} : { install }));
    const repairer = repair ? await loadRepairer({ language: from }) : undefined;
    keep({ close: () => repairer?.dispose() });
    const silent = chainOf(detectStage(detector, options.live ? { draftSilence } : {}))
      .pipe(recognizeStage(recognizer, { language: from, nBest }))
      .pipe(repairer === undefined ? splitStage(from) : repairStage(repairer))
      .pipe(translateStage(translator, { nBest }));
    const engines = {
      recognize: recognizer.name,
      ...(repairer !== undefined && { repair: `repair-${from}` }),
      translate: `translator-${translator.from}-${translator.to}`,
    };
    if (options.synthesizer === false) return new Interpreter(silent, translator, engines);
    const synthesizer = keep(
      await openSynthesizer({ language: to, synthesizer: options.synthesizer, install }),
    );
    const spoken = silent.pipe(sayStage(synthesizer, { language: to, voice, onSpeech }));
    return new Interpreter(spoken, translator, { ...engines, say: synthesizer.name });
  } catch (thrown) {
    for (const part of opened) await part.close();
    throw thrown;
  }
}

interface Closable {
  close(): void | Promise<void>;
}
