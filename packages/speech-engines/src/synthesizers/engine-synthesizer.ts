import type { Audio, SayOptions, Synthesizer } from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import type { Engine } from "../catalog.ts";
import { interrupted } from "../interrupted.ts";
import { joinSamples } from "../samples.ts";
import { endsWithComma, phrasesOf, sentencesOf } from "./sentences.ts";

/** An engine that speaks a sentence at a time. */
export interface Speaking {
  /** Samples per second of what it says. */
  readonly sampleRate: number;
  /** The default voice first. */
  readonly voices: readonly string[];
  /** Whether a sentence takes so long that a listener had better hear its phrases one by one. */
  readonly slow?: boolean;
  speak(
    sentence: string,
    options: { language: string; voice: string; signal?: AbortSignal | undefined },
  ): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Seconds of silence between sentences, and after a comma. */
const [pause, shortPause] = [0.3, 0.15];

/** A synthesizer that lets its engine speak one sentence after the other. */
export class EngineSynthesizer implements Synthesizer {
  readonly name: string;
  readonly languages: readonly string[];
  readonly #engine: Speaking;

  constructor({ name, languages }: Engine, engine: Speaking) {
    this.name = name;
    this.languages = languages;
    this.#engine = engine;
  }

  /**
   * As `Synthesizer` says; no samples for a text without words.
   *
   * @throws AttendError BAD_ARGUMENT for a language or voice that it does not have; ENGINE_FAILED; INTERRUPTED
   */
  async say(text: string, { language, voice, onPart, signal }: SayOptions): Promise<Audio> {
    const { voices, sampleRate, slow } = this.#engine;
    const { name, languages } = this;
    requireOneOf(languages, language, `${name} does not speak`);
    const [first = ""] = voices;
    if (voice !== undefined) requireOneOf(voices, voice, `${name} has no voice`);
    const parts: Float32Array[] = [];
    const inPhrases = slow && onPart !== undefined;
    let silence = 0;
    for (const sentence of sentencesOf(text, language)) {
      for (const phrase of inPhrases ? phrasesOf(sentence) : [sentence]) {
        if (signal?.aborted) throw interrupted();
        const spoken = await this.#engine.speak(phrase, {
          language,
          voice: voice ?? first,
          signal,
        });
        const part = joinSamples([new Float32Array(Math.round(silence * sampleRate)), spoken]);
        parts.push(part);
        onPart?.({ samples: part, sampleRate });
        silence = endsWithComma(phrase) ? shortPause : 0;
      }
      silence ||= pause;
    }
    return { samples: joinSamples(parts), sampleRate };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

function requireOneOf(names: readonly string[], name: string, problem: string): void {
  if (names.includes(name)) return;
  throw new AttendError("BAD_ARGUMENT", `${problem} "${name}"; use one of ${names.join(", ")}`);
}
