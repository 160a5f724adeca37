import {
  type Audio,
  type RecognizeOptions,
  type Recognizer,
  resample,
  type Segment,
} from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import type { Engine } from "../catalog.ts";
import { speechSegments } from "../voice/speech-segments.ts";
import { listeningRate, type VoiceActivity } from "../voice/voice-activity.ts";
import { packSegments } from "./pack.ts";

/** An engine that hears at most 30 s at a time. */
export interface Listening {
  /**
   * @param samples at 16 kHz, with speech
   * @returns times are from their start
   */
  hear(samples: Float32Array, options: RecognizeOptions): Promise<readonly Segment[]>;
  close(): Promise<void>;
}

/** A recognizer that lets its engine hear only what a voice activity detector takes for speech. */
export class EngineRecognizer implements Recognizer {
  readonly name: string;
  readonly languages: readonly string[];
  readonly #engine: Listening;
  readonly #detector: VoiceActivity;

  constructor({ name, languages }: Engine, engine: Listening, detector: VoiceActivity) {
    this.name = name;
    this.languages = languages;
    this.#engine = engine;
    this.#detector = detector;
  }

  /**
   * As `Recognizer` says.
   *
   * @throws AttendError BAD_ARGUMENT for a language that is not one of `languages`; ENGINE_FAILED; INTERRUPTED
   */
  async recognize(audio: Audio, options: RecognizeOptions = {}): Promise<readonly Segment[]> {
    const { language, signal } = options;
    if (language !== undefined && !this.languages.includes(language)) {
      const message = `${this.name} does not understand "${language}"; use one of ${this.languages.join(", ")}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const samples = resample(audio.samples, audio.sampleRate, listeningRate);
    const stretches = [];
    const detection = { detector: this.#detector, signal };
    for await (const stretch of speechSegments([samples], detection)) stretches.push(stretch);
    const segments: Segment[] = [];
    for (const { start, end } of packSegments(stretches)) {
      const heard = await this.#engine.hear(samples.slice(start, end), options);
      const offset = start / listeningRate;
      const shifted = heard.map((segment) => ({
        ...segment,
        start: segment.start + offset,
        end: Math.min(segment.end + offset, end / listeningRate),
      }));
      segments.push(...shifted.filter(({ text }) => text !== ""));
    }
    return segments;
  }

  async close(): Promise<void> {
    await Promise.all([this.#engine.close(), this.#detector.close()]);
  }
}
