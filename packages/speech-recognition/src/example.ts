import { type Features, readAudio } from "@attend/audio";
import { ctcSteps } from "@attend/nn";
import { yieldTurn } from "@attend/runtime";
import { type FeatureConfig, featuresOf } from "./features.ts";
import type { SpeechNetwork } from "./network/speech-network.ts";
import type { Recording } from "./transcripts.ts";

/** A recording as features, and what is said in it. */
export interface Example {
  readonly features: Features;
  readonly text: string;
  /** Only recordings of the same speaker are joined. */
  readonly speaker: string;
}

/**
 * Reads recordings. Their features are kept in memory, 58 MB an hour.
 *
 * @throws AttendError INTERRUPTED; the errors of `readAudio`
 */
export async function readExamples(
  recordings: readonly Recording[],
  config: FeatureConfig,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  } = {},
): Promise<Example[]> {
  const examples: Example[] = [];
  for (const { file, text, speaker = "" } of recordings) {
    await yieldTurn(options.signal);
    const audio = await readAudio(file, { sampleRate: config.sampleRate });
    examples.push({ text, speaker, features: featuresOf(audio, config) });
    options.onProgress?.(examples.length, recordings.length);
  }
  return examples;
}

/** Appends silence to an input that has fewer steps than its labels need. */
export function lengthened(
  input: Features,
  labels: readonly number[],
  { listener }: SpeechNetwork,
): Features {
  let { frames } = input;
  while (listener.stepsOf(frames) < Math.max(1, ctcSteps(labels))) frames++;
  if (frames === input.frames) return input;
  const data = new Float32Array(frames * input.size);
  data.set(input.data);
  return { frames, size: input.size, data };
}
