import type { Segment } from "@attend/audio";
import { z } from "zod";
import { listeningRate } from "../voice/voice-activity.ts";
import { withoutRepeats } from "./repeats.ts";

/** What was heard, best first, with log-probabilities. */
export const readingsSchema = z.array(
  z.strictObject({
    ...{ text: z.string(), score: z.number(), confidence: z.number() },
    /** With the seconds at which they end, if the engine knows. */
    sentences: z.array(z.strictObject({ text: z.string(), end: z.number() })).optional(),
  }),
);

/** Wider beams take longer, and hardly find more; Whisper's own default. */
export const widestBeam = 5;

/**
 * What was heard in samples, a segment for each sentence whose time is known; none if nobody spoke. With several readings,
 * which may have other sentences, it is one segment.
 */
export function segmentsOf(
  heard: z.output<typeof readingsSchema>,
  samples: Float32Array,
  nBest: number,
): Segment[] {
  const readings = heard.map((each) => ({ ...each, text: withoutRepeats(each.text) }));
  const [best] = readings;
  if (best === undefined) return [];
  const { text, confidence } = best;
  const end = samples.length / listeningRate;
  if (nBest > 1) {
    const alternatives = readings.map(({ text, score }) => ({ text, score }));
    return [{ start: 0, end, text, confidence, alternatives }];
  }
  const isWhole = text === heard[0]?.text;
  const sentences = isWhole && best.sentences !== undefined ? best.sentences : [{ text, end }];
  return sentences.map((sentence, i) => ({
    ...{ start: sentences[i - 1]?.end ?? 0, ...sentence, confidence },
  }));
}
