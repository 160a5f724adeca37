import { z } from "zod";
import { engineName, flag, language, probability } from "./fields.ts";
import { changeSchema } from "./repairs.ts";

/** `POST /v1/interpretations?...`; the body is a recording, or a form with `audio`. */
export const interpretationQuerySchema = z.object({
  from: language.optional().meta({ description: "the language that is spoken; default en" }),
  to: language.optional().meta({ description: "the language of the translation; default ja" }),
  engine: engineName,
  speak: flag.meta({ description: "say the translation" }),
});
/** What may be asked for. */
export type InterpretationQuery = z.input<typeof interpretationQuerySchema>;

/** What every stage tells: seconds from the start of the recording, and how long the stage took. */
const step = { start: z.number(), seconds: z.number(), confidence: probability.optional() };
const alternatives = z.array(z.object({ text: z.string(), score: z.number() })).optional();

/** The server-sent events of an interpretation, each by its name; `done` is the last. */
export const interpretationEventSchemas = {
  detected: z.object({ ...step, length: z.number() }).meta({ id: "Detected" }),
  recognized: z.object({ ...step, text: z.string(), alternatives }).meta({ id: "Recognized" }),
  repaired: z
    .object({ ...step, text: z.string(), changes: z.array(changeSchema) })
    .meta({ id: "Repaired" }),
  translated: z
    .object({ ...step, source: z.string(), text: z.string(), alternatives })
    .meta({ id: "Translated" }),
  spoken: z
    .object({ ...step, length: z.number(), wav: z.string() })
    .meta({ id: "Spoken", description: "wav: the file in base64" }),
  done: z.object({ engines: z.record(z.string(), z.string()) }).meta({ id: "Interpreted" }),
} as const;
/** See {@link interpretationEventSchemas}. */
export type InterpretationEvents = {
  readonly [Name in keyof typeof interpretationEventSchemas]: z.output<
    (typeof interpretationEventSchemas)[Name]
  >;
};
