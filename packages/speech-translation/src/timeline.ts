import { type Audio, resample } from "@attend/audio";

/**
 * Places spoken sentences one after the other on the time of the original: none begins before the original does, nor
 * before the one before has ended.
 */
export class Timeline {
  /** Samples per second of everything that is placed. */
  readonly sampleRate: number;
  #length = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  /** How much was placed, in seconds. */
  get seconds(): number {
    return this.#length / this.sampleRate;
  }

  /**
   * The samples that follow those placed before: silence until `start`, in pieces of at most a second, and the sentence.
   *
   * @param start seconds from the start of the original
   */
  *place(start: number, audio: Audio): Generator<Float32Array> {
    const { sampleRate } = this;
    for (let missing = Math.round(start * sampleRate) - this.#length; missing > 0; ) {
      const silence = new Float32Array(Math.min(missing, sampleRate));
      missing -= silence.length;
      this.#length += silence.length;
      yield silence;
    }
    const samples = resample(audio.samples, audio.sampleRate, sampleRate);
    this.#length += samples.length;
    yield samples;
  }
}
