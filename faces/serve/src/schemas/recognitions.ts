import { z } from "zod";
import { engineName, language, probability, wholeNumber } from "./fields.ts";

/** `POST /v1/recognitions?...`; the body is a recording, or a form with `audio`. */
export const recognitionQuerySchema = z.object({
  from: language.optional().meta({ description: "the language that is spoken; default en" }),
  engine: engineName,
  alternatives: wholeNumber(0, 19),
});
/** What may be asked for. */
export type RecognitionQuery = z.input<typeof recognitionQuerySchema>;

/** A stretch of speech, in seconds from the start of the recording, and what was said in it. */
export const segmentSchema = z
  .object({
    start: z.number(),
    end: z.number(),
    text: z.string(),
    confidence: probability.optional(),
    alternatives: z.array(z.object({ text: z.string(), score: z.number() })).optional(),
  })
  .meta({ id: "Segment" });
/** See {@link segmentSchema}. */
export type Segment = z.output<typeof segmentSchema>;

/** What was said in a recording. */
export const recognitionSchema = z
  .object({ text: z.string(), segments: z.array(segmentSchema), engine: z.string() })
  .meta({ id: "Recognition" });
/** See {@link recognitionSchema}. */
export type Recognition = z.output<typeof recognitionSchema>;
