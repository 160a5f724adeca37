import type { Segment } from "@attend/audio";
import { z } from "zod";
import { listeningRate } from "../voice/voice-activity.ts";
import { withoutRepeats } from "./repeats.ts";

/** What was heard, best first, with log-probabilities. */
export const readingsSchema = z.array(
  z.strictObject({ text: z.string(), score: z.number(), confidence: z.number() }),
);

/** Wider beams take longer, and hardly find more; Whisper's own default. */
export const widestBeam = 5;

/** The one segment that was heard in samples; none if nobody spoke. */
export function segmentsOf(
  heard: z.output<typeof readingsSchema>,
  samples: Float32Array,
  nBest: number,
): Segment[] {
  const readings = heard.map((each) => ({ ...each, text: withoutRepeats(each.text) }));
  const [best] = readings;
  if (best === undefined) return [];
  const alternatives = readings.map(({ text, score }) => ({ text, score }));
  return [
    {
      ...{ start: 0, end: samples.length / listeningRate },
      ...{ text: best.text, confidence: best.confidence },
      ...(nBest > 1 && { alternatives }),
    },
  ];
}
