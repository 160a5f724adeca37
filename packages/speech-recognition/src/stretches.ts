import type { Features } from "@attend/audio";
import { maximum, silence } from "./features.ts";

/** A part of a recording. */
export interface Stretch {
  /** Frames from the start of the recording. */
  readonly start: number;
  readonly features: Features;
}

/** Frames of the longest stretch, 6 s, and of the shortest one that is cut from a longer recording. */
const [longest, shortest] = [600, 150];
/** Frames that a cut is in the middle of. */
const pause = 20;
/** What is not louder, in nats above no sound at all, is silence. */
const leastLoudness = 3;

/** Cuts a recording where it is quietest, so that each stretch is short enough to be recognized; silent ones are left out. */
export function stretchesOf(features: Features): Stretch[] {
  const { frames, size, data } = features;
  const loudness = Float32Array.from({ length: frames }, (_, t) =>
    maximum(data.subarray(t * size, (t + 1) * size)),
  );
  const stretches: Stretch[] = [];
  for (let start = 0; start < frames; ) {
    const end = frames - start <= longest ? frames : quietest(loudness, start);
    if (maximum(loudness.subarray(start, end)) > silence + leastLoudness) {
      const part = data.subarray(start * size, end * size);
      stretches.push({ start, features: { frames: end - start, size, data: part } });
    }
    start = end;
  }
  return stretches;
}

/** The middle of the quietest pause that may end a stretch. */
function quietest(loudness: Float32Array, start: number): number {
  let [best, least] = [start + longest - pause, Number.POSITIVE_INFINITY];
  for (let from = start + shortest; from + pause <= start + longest; from++) {
    const sum = loudness.subarray(from, from + pause).reduce((total, each) => total + each, 0);
    if (sum < least) [best, least] = [from + pause / 2, sum];
  }
  return best;
}
