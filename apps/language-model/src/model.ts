import { defineModel, type Model } from "@attend/model-folder";
import { parseTokenizer, type Tokenizer } from "@attend/text";
import { type LanguageModelConfig, languageModelConfigSchema } from "./config.ts";
import { LanguageNetwork } from "./network.ts";

/** What a folder holds; `LanguageModel` writes with it. */
export type WholeModel = Model<LanguageModelConfig, Tokenizer, LanguageNetwork>;

export const languageModels = defineModel({
  task: "language-model",
  program: "attend-language-model",
  config: languageModelConfigSchema,
  tokens: { parse: parseTokenizer, toJSON: (tokens) => tokens.toJSON() },
  build: (config, { size }, random) => new LanguageNetwork(config, size, random),
  kindOf,
  shipped: () => import.meta.resolve("@attend/shakespeare/package.json"),
});

/** Trainings of one network may differ in what they drop. */
function kindOf({ embedding, tiedWeights, recurrent }: LanguageModelConfig) {
  const undropped = { dropout: 0, stateDropout: 0, zoneout: { h: 0, c: 0 } };
  return { embedding, tiedWeights, recurrent: { ...recurrent, ...undropped } };
}
