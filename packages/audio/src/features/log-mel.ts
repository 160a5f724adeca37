import { AttendError } from "@attend/runtime/errors";
import FFT from "fft.js";
import { joinSamples } from "../samples.ts";
import type { Features } from "./features.ts";
import { type MelFilter, type MelOptions, melFilters } from "./mel-filters.ts";
import { type WindowName, windowOf } from "./window.ts";

/** Options of {@link logMel}. */
export interface LogMelOptions extends MelOptions {
  /** samples per second; 16000 by default */
  readonly sampleRate?: number;
  /** of a frame; 0.025 by default */
  readonly windowSeconds?: number;
  /** from a frame to the next; 0.01 by default */
  readonly hopSeconds?: number;
  readonly window?: WindowName;
  /** c in x_n - c x_(n-1), in each frame; 0.97 by default, 0 for none */
  readonly preEmphasis?: number;
  /** whether each frame's mean is subtracted first; true by default */
  readonly removeMean?: boolean;
  /** whether frame t is centered on sample t * hop, with silence around the recording; false by default */
  readonly centered?: boolean;
  /** the least energy of a band, whose logarithm stands for silence; 1e-10 by default */
  readonly floor?: number;
}

/**
 * The natural logarithm of the energy in mel bands: log max(floor, sum_k w_bk |X_tk|^2), where X_t is the Fourier
 * transform of frame t, windowed and padded to the next power of two, and w the filters of `melScale`.
 *
 * With the defaults, these are Kaldi's `fbank` features without dither (whose floor is 1.19e-7); with `hann`,
 * `slaney`, `centered`, minFrequency 0, and neither pre-emphasis nor `removeMean`, librosa's.
 *
 * @param samples `[samples]`
 * @returns `[1 + floor((samples - window) / hop), mels]`, without frames if there are fewer samples than a
 * window; `[1 + floor(samples / hop), mels]` if centered
 * @throws AttendError BAD_ARGUMENT
 */
export function logMel(samples: Float32Array, options: LogMelOptions = {}): Features {
  const stream = new LogMelStream(options);
  const [pushed, last] = [stream.push(samples), stream.end()];
  const data = joinSamples([pushed.data, last.data]);
  return { frames: pushed.frames + last.frames, size: pushed.size, data };
}

/** Makes {@link logMel} features of a stream of samples: its results, joined, are those of the whole. */
export class LogMelStream {
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #filters: readonly MelFilter[];
  readonly #fft: FFT;
  readonly #options: Required<Pick<LogMelOptions, "preEmphasis" | "removeMean" | "floor">>;
  /** the silence before and after the recording */
  readonly #padding: number;
  /** The samples of the next frame and of those after it. */
  #held: Float32Array;

  /** @throws AttendError BAD_ARGUMENT */
  constructor({
    sampleRate = 16_000,
    windowSeconds = 0.025,
    hopSeconds = 0.01,
    window = "povey",
    preEmphasis = 0.97,
    removeMean = true,
    centered = false,
    floor = 1e-10,
    ...mel
  }: LogMelOptions = {}) {
    const length = Math.round(windowSeconds * sampleRate);
    this.#hop = Math.round(hopSeconds * sampleRate);
    if (!(length >= 2 && this.#hop >= 1 && this.#hop <= length)) {
      const given = `a window of ${windowSeconds} s with a hop of ${hopSeconds} s at ${sampleRate} Hz`;
      const remedy = "use a hop of at least a sample and at most the window";
      throw new AttendError("BAD_ARGUMENT", `${given} cannot be used; ${remedy}`);
    }
    const fftSize = 2 ** Math.ceil(Math.log2(length));
    this.#window = windowOf(window, length);
    this.#fft = new FFT(fftSize);
    this.#filters = melFilters(fftSize, sampleRate, mel);
    this.#options = { preEmphasis, removeMean, floor };
    this.#padding = centered ? Math.floor(length / 2) : 0;
    this.#held = new Float32Array(this.#padding);
  }

  /** @returns the frames that are complete by now */
  push(samples: Float32Array): Features {
    const held = joinSamples([this.#held, samples]);
    const [length, size] = [this.#window.length, this.#filters.length];
    const frames = Math.max(0, 1 + Math.floor((held.length - length) / this.#hop));
    const data = new Float32Array(frames * size);
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * this.#hop;
      const power = this.#powerOf(held.subarray(start, start + length));
      this.#filters.forEach(({ first, weights }, band) => {
        let energy = 0;
        for (let k = 0; k < weights.length; k++)
          energy += (weights[k] ?? 0) * (power[first + k] ?? 0);
        data[frame * size + band] = Math.log(Math.max(this.#options.floor, energy));
      });
    }
    this.#held = held.slice(frames * this.#hop);
    return { frames, size, data };
  }

  /** @returns the last frames, if they are centered: they reach beyond the end */
  end(): Features {
    return this.push(new Float32Array(this.#padding));
  }

  /** `|X_k|^2` for k = 0 ... fftSize / 2 of one frame */
  #powerOf(samples: Float32Array): Float64Array {
    const { preEmphasis, removeMean } = this.#options;
    const mean = removeMean ? samples.reduce((sum, x) => sum + x, 0) / samples.length : 0;
    const frame = new Float64Array(this.#fft.size);
    let before = (samples[0] ?? 0) - mean;
    samples.forEach((sample, n) => {
      const x = sample - mean;
      frame[n] = (x - preEmphasis * before) * (this.#window[n] ?? 0);
      before = x;
    });
    const spectrum = new Float64Array(2 * this.#fft.size);
    this.#fft.realTransform(spectrum, frame);
    return new Float64Array(this.#fft.size / 2 + 1).map(
      (_, k) => (spectrum[2 * k] ?? 0) ** 2 + (spectrum[2 * k + 1] ?? 0) ** 2,
    );
  }
}
