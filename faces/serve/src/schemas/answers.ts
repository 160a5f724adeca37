import { z } from "zod";
import { flag, matrix, modelName, probability, wholeNumber } from "./fields.ts";

/** `POST /v1/answers?...`; the body is a form with `image` and one `question` or several. */
export const answerQuerySchema = z.object({
  model: modelName,
  alternatives: wholeNumber(0, 100).meta({ description: "runners-up; default 5" }),
  attention: flag.meta({ description: "tell where the model looked, hop by hop" }),
});
/** What may be asked for. */
export type AnswerQuery = z.input<typeof answerQuerySchema>;

const oneAnswer = z.object({ answer: z.string(), probability });

/** An answer to a question about a photo. */
export const answerSchema = z
  .object({
    question: z.string(),
    ...oneAnswer.shape,
    confident: z.boolean(),
    alternatives: z.array(oneAnswer),
    warning: z
      .string()
      .optional()
      .meta({ description: "what of the question the model could not read" }),
    hops: z
      .array(matrix)
      .optional()
      .meta({ description: "for each hop, a weight for each cell of an even grid over the photo" }),
  })
  .meta({ id: "Answer" });
/** See {@link answerSchema}. */
export type Answer = z.output<typeof answerSchema>;

/** The answers in the order of the questions. */
export const answersSchema = z
  .object({ answers: z.array(answerSchema), model: z.string() })
  .meta({ id: "Answers" });
/** See {@link answersSchema}. */
export type Answers = z.output<typeof answersSchema>;
