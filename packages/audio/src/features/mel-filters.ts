import { AttendError } from "@attend/runtime/errors";

/** One triangle over the bins of a spectrum. */
export interface MelFilter {
  /** the first bin with a weight */
  readonly first: number;
  readonly weights: Float64Array;
}

/** Where the bands lie. */
export interface MelOptions {
  /** the number of bands; 40 by default */
  readonly mels?: number;
  /** Hz; 20 by default */
  readonly minFrequency?: number;
  /** Hz; half of the sample rate by default */
  readonly maxFrequency?: number;
  /**
   * `htk`, the default: mel(f) = 2595 log10(1 + f / 700), triangles that are straight in mel and 1 high, as in
   * HTK and Kaldi. `slaney`: below 1000 Hz, mel(f) = 3 f / 200, above 15 + 27 ln(f / 1000) / ln(6.4), triangles
   * that are straight in Hz with an area of 1, as in Slaney's Auditory Toolbox and librosa.
   */
  readonly melScale?: "htk" | "slaney";
}

interface Scale {
  toMel(frequency: number): number;
  toFrequency(mel: number): number;
}

const htk: Scale = {
  toMel: (frequency) => 2595 * Math.log10(1 + frequency / 700),
  toFrequency: (mel) => 700 * (10 ** (mel / 2595) - 1),
};

const logStep = Math.log(6.4) / 27;
const slaney: Scale = {
  toMel: (frequency) =>
    frequency < 1000 ? (3 * frequency) / 200 : 15 + Math.log(frequency / 1000) / logStep,
  toFrequency: (mel) => (mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(logStep * (mel - 15))),
};

/**
 * Triangular filters whose corners are spaced evenly in mel, over the bins 0 to fftSize / 2: Davis & Mermelstein
 * 1980, Comparison of Parametric Representations for Monosyllabic Word Recognition; Young et al., The HTK Book,
 * section 5.6; Slaney 1998, Auditory Toolbox.
 *
 * @throws AttendError BAD_ARGUMENT for frequencies outside of the spectrum, or bands without a bin
 */
export function melFilters(
  fftSize: number,
  sampleRate: number,
  { mels = 40, minFrequency = 20, maxFrequency = sampleRate / 2, melScale = "htk" }: MelOptions,
): MelFilter[] {
  if (!(0 <= minFrequency && minFrequency < maxFrequency && maxFrequency <= sampleRate / 2)) {
    const range = `from ${minFrequency} to ${maxFrequency} Hz`;
    throw new AttendError(
      "BAD_ARGUMENT",
      `mel bands ${range} do not fit into 0 to ${sampleRate / 2} Hz; choose others`,
    );
  }
  const { toMel, toFrequency } = melScale === "htk" ? htk : slaney;
  const [lowest, highest] = [toMel(minFrequency), toMel(maxFrequency)];
  const corner = (index: number) => lowest + ((highest - lowest) * index) / (mels + 1);
  // What a triangle is straight in.
  const scaled = melScale === "htk" ? toMel : (frequency: number) => frequency;
  const unscaled = melScale === "htk" ? (mel: number) => mel : toFrequency;
  return Array.from({ length: mels }, (_, band) => {
    const [left = 0, middle = 0, right = 0] = [0, 1, 2].map((index) =>
      unscaled(corner(band + index)),
    );
    const height = melScale === "htk" ? 1 : 2 / (right - left);
    const triangle = Array.from({ length: fftSize / 2 + 1 }, (_, bin) => {
      const at = scaled((bin * sampleRate) / fftSize);
      return (
        height *
        Math.max(0, Math.min((at - left) / (middle - left), (right - at) / (right - middle)))
      );
    });
    const first = triangle.findIndex((weight) => weight > 0);
    if (first === -1) {
      const fault = `${mels} mel bands are too narrow for a spectrum of ${fftSize} samples`;
      throw new AttendError("BAD_ARGUMENT", `${fault}; use fewer, or a longer window`);
    }
    const last = triangle.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(triangle.slice(first, last + 1)) };
  });
}
