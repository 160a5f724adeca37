import { AttendError } from "@attend/runtime/errors";
import { type Features, mapFrames } from "./features.ts";
import { type LogMelOptions, logMel } from "./log-mel.ts";

/** Options of {@link cepstra}. */
export interface CepstrumOptions {
  /** the number of coefficients, the one of order 0 included; 13 by default */
  readonly count?: number;
  /** L in the factor 1 + L / 2 sin(pi n / L) of coefficient n; 22 by default, 0 for none */
  readonly lifter?: number;
}

/**
 * Mel-frequency cepstral coefficients: Davis & Mermelstein 1980, of {@link logMel}'s bands, with the transform
 * and the lifter of HTK and Kaldi (The HTK Book, section 5.6).
 *
 * @param samples `[samples]`
 * @returns `[frames, count]`
 * @throws AttendError BAD_ARGUMENT
 */
export function mfcc(
  samples: Float32Array,
  { count = 13, lifter = 22, ...options }: LogMelOptions & CepstrumOptions = {},
): Features {
  return cepstra(logMel(samples, options), { count, lifter });
}

/**
 * The orthonormal DCT-II of every frame of M logarithmic bands: c_n = s_n l_n sum_m x_m cos(pi n (m + 1/2) / M) with
 * s_0 = sqrt(1 / M), s_n = sqrt(2 / M), and l_n the lifter's factor. A frame at a time, so also for a stream.
 *
 * @returns `[frames, count]`
 * @throws AttendError BAD_ARGUMENT for more coefficients than bands
 */
export function cepstra(
  bands: Features,
  { count = 13, lifter = 22 }: CepstrumOptions = {},
): Features {
  if (count > bands.size) {
    const fault = `${count} coefficients cannot be made from ${bands.size} bands`;
    throw new AttendError("BAD_ARGUMENT", `${fault}; use more bands or fewer coefficients`);
  }
  const rows = Array.from({ length: count }, (_, n) => {
    const scale = Math.sqrt((n === 0 ? 1 : 2) / bands.size) * lifterFactor(n, lifter);
    return new Float64Array(bands.size).map(
      (_, m) => scale * Math.cos((Math.PI * n * (m + 0.5)) / bands.size),
    );
  });
  return mapFrames(bands, count, (frame, into) => {
    rows.forEach((row, n) => {
      into[n] = row.reduce((sum, weight, m) => sum + weight * (frame[m] ?? 0), 0);
    });
  });
}

function lifterFactor(n: number, lifter: number): number {
  return lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * n) / lifter);
}
