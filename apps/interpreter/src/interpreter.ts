import { type Audio, streamAudio } from "@attend/audio";
import type {
  Chain,
  Heard,
  Sentence,
  Speech,
  SpokenSentence,
  StageReport,
  Step,
  TranslatedSentence,
} from "@attend/speech-translation";
import type { Translation, Translator } from "@attend/translator";

/** A sentence as it was understood, its translation, and, unless it is silent, the translation spoken. */
export interface InterpretedSentence extends TranslatedSentence {
  readonly audio?: Audio;
}

/** An output of one of the stages. */
export type InterpretingStep =
  | Step<"detect", Speech>
  | Step<"recognize", Heard>
  | Step<"repair" | "split", Sentence>
  | Step<"translate", TranslatedSentence>
  | Step<"say", SpokenSentence>;

/** From sound at 16 kHz to interpreted sentences. */
export type InterpretingChain = Chain<Float32Array, InterpretedSentence, InterpretingStep>;

/** A recording, or pieces of sound at 16 kHz as they come. */
export type Sound = string | AsyncIterable<Float32Array>;

/** Options of {@link Interpreter.interpret}. */
export interface InterpretOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with each output of each stage as soon as it is there. */
  readonly onStep?: ((step: InterpretingStep) => void) | undefined;
}

/** Interprets speech. Created by `loadInterpreter`; `close` ends its engines. */
export class Interpreter {
  readonly from: string;
  readonly to: string;
  /** What each stage works with, such as `{ recognize: "whisper-base", ..., say: "kokoro" }`. */
  readonly engines: Readonly<Record<string, string>>;
  readonly #chain: InterpretingChain;
  readonly #translator: Translator;

  /**
   * @param chain owned by the interpreter from now on
   * @param translator that of the chain, which closes it
   */
  constructor(
    chain: InterpretingChain,
    translator: Translator,
    engines: Readonly<Record<string, string>>,
  ) {
    this.#chain = chain;
    this.#translator = translator;
    this.from = translator.from;
    this.to = translator.to;
    this.engines = engines;
  }

  /**
   * Interprets a recording, or speech as it is spoken, sentence by sentence: while one is spoken, the next one is
   * translated. Leaving the loop stops everything. Memory does not grow with the recording.
   *
   * @throws AttendError FILE_NOT_FOUND, READ_FAILED or BAD_AUDIO for the recording; ENGINE_FAILED if an engine ends;
   *   INTERRUPTED if `signal` is aborted
   */
  interpret(
    sound: Sound,
    options: InterpretOptions = {},
  ): AsyncGenerator<InterpretedSentence, void> {
    return this.#chain.stream(chunksOf(sound, options.signal), options);
  }

  /** Interprets a whole recording, one stage at a time, and reports what each took. Throws like {@link interpret}. */
  async interpretAll(
    sound: Sound,
    options: InterpretOptions = {},
  ): Promise<{ sentences: InterpretedSentence[]; report: StageReport[] }> {
    const { outputs, report } = await this.#chain.run(chunksOf(sound, options.signal), options);
    return { sentences: outputs, report };
  }

  /** Translates a text as the interpreter would if it were said. Throws like `Translator.translate`. */
  translate(text: string, options: { readonly signal?: AbortSignal } = {}): Promise<Translation> {
    return this.#translator.translate(text, options);
  }

  /** Ends every engine. The interpreter cannot be used afterwards. */
  close(): Promise<void> {
    return this.#chain.close();
  }
}

function chunksOf(sound: Sound, signal: AbortSignal | undefined): AsyncIterable<Float32Array> {
  return typeof sound === "string" ? streamAudio(sound, { signal }) : sound;
}
