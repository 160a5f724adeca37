import { z } from "zod";
import { engineName, language } from "./fields.ts";

/** `POST /v1/speech`; the answer is a WAV file. */
export const speechRequestSchema = z
  .object({
    text: z.string().min(1).max(5000),
    to: language.meta({ description: "the text's language" }),
    synthesizer: engineName,
    voice: z.string().max(50).optional(),
  })
  .meta({ id: "SpeechRequest" });
/** See {@link speechRequestSchema}. */
export type SpeechRequest = z.input<typeof speechRequestSchema>;
