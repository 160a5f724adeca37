import { z } from "zod";
import { maxLengths } from "../inputs.ts";
import { language, matrix, modelName } from "./fields.ts";

const text = z.string().max(maxLengths.translation);

/** `POST /v1/translations`: one text or several. */
export const translationRequestSchema = z
  .object({
    text: text.optional(),
    texts: z.array(text).min(1).max(100).optional(),
    from: language.optional(),
    to: language.optional(),
    model: modelName,
    beamWidth: z.number().int().min(1).max(20).optional(),
    alternatives: z.number().int().min(0).max(19).optional(),
    attention: z.boolean().optional(),
  })
  .refine(({ text, texts }) => (text === undefined) !== (texts === undefined), {
    message: "give either text or texts",
  })
  .meta({ id: "TranslationRequest" });
/** See {@link translationRequestSchema}. */
export type TranslationRequest = z.input<typeof translationRequestSchema>;

const oneTranslation = z.object({
  text: z.string(),
  score: z.number().meta({ description: "the log-probability with penalties" }),
  logProbability: z.number(),
});

/** The attention of a sentence's translation. */
export const alignmentSchema = z
  .object({
    source: z.array(z.string()),
    target: z.array(z.string()),
    weights: matrix.meta({ description: "a row for each token of the target; each sums to 1" }),
  })
  .meta({ id: "Alignment" });
/** See {@link alignmentSchema}. */
export type Alignment = z.output<typeof alignmentSchema>;

/** A text's translation. */
export const translationSchema = z
  .object({
    source: z.string(),
    ...oneTranslation.shape,
    confident: z.boolean(),
    alternatives: z.array(oneTranslation),
    alignments: z.array(alignmentSchema).optional().meta({ description: "one for each sentence" }),
  })
  .meta({ id: "Translation" });
/** See {@link translationSchema}. */
export type Translation = z.output<typeof translationSchema>;

/** The translations in the order of the texts. */
export const translationsSchema = z
  .object({
    translations: z.array(translationSchema),
    from: z.string(),
    to: z.string(),
    model: z.string(),
  })
  .meta({ id: "Translations" });
/** See {@link translationsSchema}. */
export type Translations = z.output<typeof translationsSchema>;
