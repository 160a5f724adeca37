import { type SpeechSegment, speechSegments, type VoiceActivity } from "@attend/speech-engines";
import type { Stage } from "../stage.ts";

/** How a {@link detectStage} cuts speech; in seconds. */
export interface DetectStageOptions {
  /** A stretch of speech ends when this much silence follows. Default 0.6: pauses within a sentence are shorter. */
  readonly minSilence?: number | undefined;
  /**
   * A stretch that may have ended is yielded as a draft when this much silence follows, so that it is recognized while it is
   * not certain that it has. Default: there are no drafts.
   */
  readonly draftSilence?: number | undefined;
}

/**
 * Finds speech in sound at 16 kHz, and yields each stretch of it as soon as it has ended; nothing for silence and noise.
 * Owns the detector.
 */
export function detectStage(
  detector: VoiceActivity,
  { minSilence = 0.6, draftSilence }: DetectStageOptions = {},
): Stage<Float32Array, SpeechSegment, "detect"> {
  return {
    name: "detect",
    run: (chunks, { signal }) =>
      speechSegments(chunks, { detector, minSilence, draftSilence, signal }),
    close: () => detector.close(),
  };
}
