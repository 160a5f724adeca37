/** Zero crossings of the sinc on each side. */
const zeroCrossings = 48;
/** Attenuation of what lies above the lower Nyquist frequency, in dB. */
const attenuation = 80;

/** A low-pass filter for a change of rate by up / down, cut into its phases. */
export interface PolyphaseFilter {
  readonly up: number;
  readonly down: number;
  /** coefficients per phase, a multiple of 4 */
  readonly taps: number;
  /** samples of the upsampled signal before the filter's middle */
  readonly center: number;
  /** `[up, taps]`: row r multiplies the last `taps` inputs if r upsampled samples came after them */
  readonly phases: Float32Array;
}

/**
 * A windowed sinc with a Kaiser window: Kaiser 1974, Nonrecursive Digital Filter Design Using the
 * I0-sinh Window Function; the estimates of Oppenheim & Schafer, Discrete-Time Signal Processing,
 * section 7.5.3. Above the lower of both Nyquist frequencies it passes less than -80 dB, and up to
 * 0.9 of it everything.
 */
export function designFilter(from: number, to: number): PolyphaseFilter {
  const divisor = greatestCommonDivisor(from, to);
  const [up, down] = [to / divisor, from / divisor];
  const widest = Math.max(up, down);
  const center = zeroCrossings * widest;
  const transition = (attenuation - 8) / (2.285 * 2 * zeroCrossings * Math.PI);
  const cutoff = (1 - transition / 2) / widest;
  const beta = 0.1102 * (attenuation - 8.7);
  const taps = 4 * Math.ceil((2 * center + up) / up / 4);
  const phases = new Float32Array(up * taps);
  let sum = 0;
  for (let index = 0; index <= 2 * center; index++) {
    const time = index - center;
    const value = sinc(cutoff * time) * bessel(beta * Math.sqrt(1 - (time / center) ** 2));
    const [phase, age] = [index % up, Math.floor(index / up)];
    phases[phase * taps + taps - 1 - age] = value;
    sum += value;
  }
  for (let index = 0; index < phases.length; index++)
    phases[index] = ((phases[index] ?? 0) * up) / sum;
  return { up, down, taps, center, phases };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
