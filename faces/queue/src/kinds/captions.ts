import { photoExtensions } from "@attend/cli-kit";
import { captionSchema } from "@attend/serve/schemas";
import { type Kind, requireFields } from "./kind.ts";

const answerSchema = captionSchema.omit({ model: true });

/** Captions of photos. */
export const captions: Kind = {
  task: "captions",
  unit: "photos",
  batch: 32,
  field: "image",
  extensions: photoExtensions,
  input: (_, file) => file,
  answer: (output) => answerSchema.parse(output),
  check: requireFields("image"),
};
