import { defineModel } from "@attend/model-folder";
import { createIntentNetwork, intentsConfigSchema } from "@attend/retrieval";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { declared } from "../model.ts";

const intentsSchema = z.array(z.string().min(1)).min(1);

/** Model folders of intent classifiers; their vocabulary is the names of the intents. */
export const intentModels = defineModel({
  ...declared,
  config: z.strictObject({ kind: z.literal("intents"), classifier: intentsConfigSchema }),
  tokens: { parse: parseIntents, toJSON: (intents: readonly string[]) => intents },
  build: ({ classifier }, intents) => createIntentNetwork(classifier, intents),
  kindOf: (config) => config,
});

function parseIntents(json: unknown, file: string): readonly string[] {
  const { data } = intentsSchema.safeParse(json);
  if (data !== undefined) return data;
  const message = `${file} does not contain the names of intents; copy it again, or train the model again`;
  throw new AttendError("BAD_DATA", message);
}
