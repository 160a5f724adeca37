import { AttendError } from "@attend/runtime/errors";
import { type Features, frameOf, mapFrames } from "./features.ts";

/** Mean and standard deviation of every feature. */
export interface FeatureStatistics {
  /** `[size]` */
  readonly mean: readonly number[];
  /** `[size]` */
  readonly deviation: readonly number[];
}

/**
 * Statistics over all frames, of one recording or of a data set. They can be written as JSON.
 *
 * @throws AttendError BAD_ARGUMENT without frames, or for features of different sizes
 */
export function featureStatistics(all: Iterable<Features>): FeatureStatistics {
  let frames = 0;
  let mean: number[] = [];
  let squares: number[] = [];
  for (const features of all) {
    if (frames === 0) [mean, squares] = [zeros(features.size), zeros(features.size)];
    requireSize(features, mean.length);
    for (let t = 0; t < features.frames; t++) {
      frames++;
      // Welford 1962: sums of squares would lose digits.
      frameOf(features, t).forEach((x, i) => {
        const [before = 0, sum = 0] = [mean[i], squares[i]];
        const after = before + (x - before) / frames;
        mean[i] = after;
        squares[i] = sum + (x - before) * (x - after);
      });
    }
  }
  if (frames === 0) {
    throw new AttendError(
      "BAD_ARGUMENT",
      "there are no frames to take the mean of; give a longer recording",
    );
  }
  return { mean, deviation: squares.map((sum) => Math.sqrt(sum / frames)) };
}

/**
 * Subtracts the mean of every feature and divides by its deviation, at least 1e-5: by default those of this recording;
 * those of a data set if they are given.
 *
 * @returns `[frames, size]`
 * @throws AttendError BAD_ARGUMENT for statistics of another size
 */
export function normalize(features: Features, statistics?: FeatureStatistics): Features {
  if (features.frames === 0) return features;
  const { mean, deviation } = statistics ?? featureStatistics([features]);
  requireSize(features, mean.length);
  return mapFrames(features, features.size, (frame, into) => {
    frame.forEach((x, i) => {
      into[i] = (x - (mean[i] ?? 0)) / Math.max(1e-5, deviation[i] ?? 0);
    });
  });
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function requireSize({ size }: Features, expected: number): void {
  if (size === expected) return;
  const fault = `the statistics are of ${expected} features, not of ${size}`;
  throw new AttendError("BAD_ARGUMENT", `${fault}; use those of the same kind of features`);
}
