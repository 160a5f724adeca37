import { z } from "zod";
import { flag, matrix, modelName, wholeNumber } from "./fields.ts";

/** `POST /v1/captions?...`; the body is a photo, or a form with `image`. */
export const captionQuerySchema = z.object({
  model: modelName,
  beamWidth: wholeNumber(1, 20),
  alternatives: wholeNumber(0, 19).meta({ description: "other captions, at most beamWidth - 1" }),
  attention: flag.meta({ description: "tell where the model looked for each word" }),
});
/** What may be asked for. */
export type CaptionQuery = z.input<typeof captionQuerySchema>;

/** A caption with its probability. */
const oneCaption = z.object({ caption: z.string(), logProbability: z.number() });

/** A photo's caption. */
export const captionSchema = z
  .object({
    ...oneCaption.shape,
    words: z
      .array(
        z.object({
          word: z.string(),
          attention: matrix.meta({
            description: "a weight for each cell of an even grid over the photo; they sum to 1",
          }),
        }),
      )
      .optional(),
    alternatives: z.array(oneCaption),
    width: z.number().int().meta({ description: "of the upright photo, in pixels" }),
    height: z.number().int(),
    model: z.string(),
  })
  .meta({ id: "Caption" });
/** See {@link captionSchema}. */
export type Caption = z.output<typeof captionSchema>;
