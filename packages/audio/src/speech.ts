/** A recording: one channel of samples. */
export interface Audio {
  /** `[samples]`, from -1 to 1 */
  readonly samples: Float32Array;
  /** samples per second */
  readonly sampleRate: number;
}

/** A stretch of speech and what was said in it. */
export interface Segment {
  /** seconds from the start of the recording */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** from 0 to 1 */
  readonly confidence?: number;
  /** other readings with their log-probabilities, best first */
  readonly alternatives?: readonly { readonly text: string; readonly score: number }[];
}

/** Options of a {@link Recognizer}. */
export interface RecognizeOptions {
  /** the language that is spoken (`en`), one of the recognizer's */
  readonly language?: string;
  /** the number of readings of each segment, if the recognizer has more than one */
  readonly nBest?: number;
  readonly signal?: AbortSignal;
}

/** Turns speech into text. */
export interface Recognizer {
  readonly name: string;
  /** codes of ISO 639-1 (`en`) */
  readonly languages: readonly string[];
  /** What is said in a recording, in order; nothing for silence. */
  recognize(audio: Audio, options?: RecognizeOptions): Promise<readonly Segment[]>;
  /** Frees its memory and ends its processes. It cannot be used afterwards. */
  close(): Promise<void>;
}

/** Options of a {@link Synthesizer}. */
export interface SayOptions {
  /** the language of the text (`ja`), one of the synthesizer's */
  readonly language: string;
  /** one of the synthesizer's voices, which it names in its error for others */
  readonly voice?: string;
  /** called with each part of the speech as soon as it is spoken, by a synthesizer that speaks in parts */
  readonly onPart?: (part: Audio) => void;
  readonly signal?: AbortSignal;
}

/** Turns text into speech. */
export interface Synthesizer {
  readonly name: string;
  /** codes of ISO 639-1 (`ja`) */
  readonly languages: readonly string[];
  /** A text as speech, at the sample rate of the voice. */
  say(text: string, options: SayOptions): Promise<Audio>;
  /** Frees its memory and ends its processes. It cannot be used afterwards. */
  close(): Promise<void>;
}
