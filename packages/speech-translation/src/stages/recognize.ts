import type { Recognizer, Segment } from "@attend/audio";
import { listeningRate, type SpeechSegment } from "@attend/speech-engines";
import type { Stage } from "../stage.ts";
import { hearDrafts } from "./hear-drafts.ts";

/** What was said in a stretch of speech, as one segment; its confidence is the mean of its parts. */
export interface Heard extends Segment {
  /** The recognizer's own segments, in order. */
  readonly segments: readonly Segment[];
}

/** How a {@link recognizeStage} listens. */
export interface RecognizeStageOptions {
  readonly language: string;
  /** Readings of each segment, for the stage after it to choose from. Default 1. */
  readonly nBest?: number | undefined;
}

/**
 * Recognizes stretches of speech, also drafts of them, which have no output; nor have those without words. Owns the
 * recognizer.
 */
export function recognizeStage(
  recognizer: Recognizer,
  { language, nBest = 1 }: RecognizeStageOptions,
): Stage<SpeechSegment, Heard, "recognize"> {
  return {
    name: "recognize",
    async *run(stretches, { signal }) {
      const hear = ({ samples }: SpeechSegment) =>
        recognizer.recognize({ samples, sampleRate: listeningRate }, { language, nBest, signal });
      for await (const { speech, segments } of hearDrafts(stretches, hear)) {
        const spoken = segments
          .filter(({ text }) => text.trim() !== "")
          .map((segment) => ({
            ...segment,
            start: speech.start + segment.start,
            end: speech.start + segment.end,
          }));
        if (spoken.length > 0) yield joinSegments(spoken);
      }
    },
    confidence: ({ confidence }) => confidence,
    close: () => recognizer.close(),
  };
}

/** Only a single segment keeps its other readings: those of several do not combine to whole sentences. */
function joinSegments(segments: readonly Segment[]): Heard {
  const [first, ...others] = segments;
  if (first === undefined) throw new RangeError("speech has at least one segment");
  if (others.length === 0) return { ...first, text: first.text.trim(), segments };
  const confidences = segments.flatMap(({ confidence }) => confidence ?? []);
  const sum = confidences.reduce((total, confidence) => total + confidence, 0);
  return {
    start: first.start,
    end: segments.at(-1)?.end ?? first.end,
    text: segments.map(({ text }) => text.trim()).join(" "),
    ...(confidences.length > 0 && { confidence: sum / confidences.length }),
    segments,
  };
}
