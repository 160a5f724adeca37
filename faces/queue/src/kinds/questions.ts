import { photoExtensions } from "@attend/cli-kit";
import { answerSchema } from "@attend/serve/schemas";
import { z } from "zod";
import { type Kind, requireFields } from "./kind.ts";

const answersSchema = z.tuple([answerSchema]);

/** Answers to questions about photos. */
export const questions: Kind = {
  task: "answers",
  unit: "questions",
  batch: 32,
  field: "image",
  extensions: photoExtensions,
  input: ({ question }, photo) => ({ photo, questions: [question] }),
  answer: (output) => answersSchema.parse(output)[0],
  check: requireFields("image", "question"),
};
