import { melFilters } from "@attend/audio";
import FFT from "fft.js";

const [windowSize, hop, sampleRate] = [400, 160, 16_000];
const half = windowSize / 2;
/** Of the 30 s that Whisper hears. */
export const mostFrames = 3000;
export const mels = 80;

const turns = Array.from({ length: windowSize }, (_, n) => (2 * Math.PI * n) / windowSize);
const cosines = Float64Array.from(turns, Math.cos);
const sines = Float64Array.from(turns, Math.sin);
const hann = cosines.map((cosine) => 0.5 - 0.5 * cosine);

/**
 * Whisper's input (`log_mel_spectrogram` of its `audio.py`): the decimal logarithm of the energy in mel bands, at least
 * 8 below the loudest, plus 4, divided by 4.
 *
 * @param samples at 16 kHz, at most 30 s
 * @param frames 10 ms each; silence follows the samples
 * @returns `[mels, frames]`
 */
export function whisperFeatures(samples: Float32Array, frames = mostFrames): Float32Array {
  const filters = melFilters(windowSize, sampleRate, {
    ...{ mels, minFrequency: 0, melScale: "slaney" },
  });
  const features = new Float32Array(mels * frames).fill(-10);
  // Frames that hear a sample; the others are silence.
  const heard = Math.min(frames, Math.ceil((samples.length + half) / hop));
  let loudest = -10;
  for (let frame = 0; frame < heard; frame++) {
    const power = powerOf(samples, frame * hop - half);
    for (const [band, { first, weights }] of filters.entries()) {
      let energy = 0;
      for (let k = 0; k < weights.length; k++)
        energy += (weights[k] ?? 0) * (power[first + k] ?? 0);
      const level = Math.log10(Math.max(1e-10, energy));
      features[band * frames + frame] = level;
      loudest = Math.max(loudest, level);
    }
  }
  return features.map((level) => (Math.max(level, loudest - 8) + 4) / 4);
}

/** A frame is no power of two long: the transform of 400 is one of 25 transforms of 16. */
const [parts, partSize] = [25, 16];
const fft = new FFT(partSize);
const every = new Float64Array(partSize);
const spectrum = new Float64Array(2 * partSize);
/** By bin, then by part. */
const spectra = new Float64Array(2 * partSize * parts);
const power = new Float64Array(half + 1);

/**
 * `|X_k|^2` for k = 0 ... 200 of the frame that starts at a sample; before the first one, the sound is reflected. The
 * array is that of the frame before: a frame takes 0.1 ms, of which new arrays would take most.
 */
function powerOf(samples: Float32Array, start: number): Float64Array {
  for (let part = 0; part < parts; part++) {
    for (let m = 0; m < partSize; m++) {
      const n = parts * m + part;
      every[m] = (samples[Math.abs(start + n)] ?? 0) * (hann[n] ?? 0);
    }
    fft.realTransform(spectrum, every);
    fft.completeSpectrum(spectrum);
    for (let i = 0; i < spectrum.length; i++) spectra[i * parts + part] = spectrum[i] ?? 0;
  }
  for (let k = 0; k <= half; k++) {
    const bin = 2 * (k % partSize) * parts;
    let real = 0;
    let imaginary = 0;
    for (let part = 0, turn = 0; part < parts; part++, turn = (turn + k) % windowSize) {
      const cosine = cosines[turn] ?? 0;
      const sine = sines[turn] ?? 0;
      const a = spectra[bin + part] ?? 0;
      const b = spectra[bin + parts + part] ?? 0;
      real += a * cosine + b * sine;
      imaginary += b * cosine - a * sine;
    }
    power[k] = real ** 2 + imaginary ** 2;
  }
  return power;
}
