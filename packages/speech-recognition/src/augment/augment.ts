import type { Features } from "@attend/audio";
import type { Random } from "@attend/runtime";
import {
  type FeatureConfig,
  featuresOf,
  frequenciesOf,
  joined,
  maximum,
  normalized,
} from "../features.ts";
import type { Place } from "../flat-start.ts";
import type { Augmentation } from "./config.ts";
import { maskFeatures } from "./mask.ts";
import { equalized, noisy } from "./noise.ts";
import { soundWithoutSpeech } from "./sounds.ts";
import { trimmed } from "./trim.ts";
import { warped } from "./warp.ts";

/** An utterance that was made of recordings. */
export interface MadeUtterance {
  /** What the network reads. */
  readonly input: Features;
  /** Where each recording is. */
  readonly places: readonly Place[];
}

/** Makes an utterance of one speaker: recordings are varied, joined with pauses, and made noisy. */
export function utteranceOf(
  recordings: readonly Features[],
  {
    features,
    augmentation,
  }: { readonly features: FeatureConfig; readonly augmentation: Augmentation },
  random: Random,
): MadeUtterance {
  const { speed, tempo, pitch, trim, equalize, mask } = augmentation;
  const within = ([low, high]: readonly [number, number]) => low + (high - low) * random.uniform();
  const [playing, voice] = [within(speed), within(pitch)];
  const bands = frequenciesOf(features);
  const maybeNoisy = (each: Features, share: number) => {
    if (random.uniform() >= share) return each;
    const level = maximum(each.data) - within(augmentation.noiseBelow);
    return noisy(each, { level, slope: augmentation.noiseSlope }, random);
  };
  const parts = recordings.map((each) => {
    const warp = { tempo: playing * within(tempo), pitch: playing * voice, ...bands };
    return maybeNoisy(warped(trimmed(each, trim, random), warp), augmentation.recordingNoise);
  });
  const pauses = Array.from({ length: parts.length + 1 }, (_, i) => {
    const longest = i === 0 || i === parts.length ? 30 : 60;
    return Math.floor(longest * random.uniform() ** 2);
  });
  const clean =
    parts.length === 0
      ? featuresOf(soundWithoutSpeech(features.sampleRate, random), features)
      : joined(parts, pauses, features.mels);
  const channel = equalized(clean, equalize, random);
  const input = normalized(maybeNoisy(channel, augmentation.noise), features);
  maskFeatures(input, mask, random);
  return { input, places: placesOf(parts, pauses) };
}

function placesOf(parts: readonly Features[], pauses: readonly number[]): Place[] {
  let start = 0;
  return parts.map(({ frames }, i) => {
    start += pauses[i] ?? 0;
    const place = { start, frames };
    start += frames;
    return place;
  });
}
