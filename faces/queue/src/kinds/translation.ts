import { translationsSchema } from "@attend/serve/schemas";
import { type Kind, requireFields } from "./kind.ts";

const answerSchema = translationsSchema.pick({ translations: true });

/** Translations of texts. */
export const translation: Kind = {
  task: "translations",
  unit: "texts",
  batch: 64,
  field: "text",
  extensions: [],
  input: (_, text) => [text],
  answer: (output) => ({ ...answerSchema.parse(output).translations[0] }),
  check: requireFields("text"),
};
