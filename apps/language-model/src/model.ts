import { defineModel, type Model } from "@attend/model-folder";
import { parseTokenizer, type Tokenizer } from "@attend/text";
import { type LanguageModelConfig, languageModelConfigSchema } from "./config.ts";
import { LanguageNetwork } from "./network.ts";

/** The contents of a model folder, which `LanguageModel` uses. */
export type TrainedModel = Model<LanguageModelConfig, Tokenizer, LanguageNetwork>;

/** Model folders of language models: load, save, average, and the shipped one. */
export const languageModels = defineModel({
  task: "language-model",
  program: "attend-language-model",
  config: languageModelConfigSchema,
  tokens: { parse: parseTokenizer, toJSON: (tokens) => tokens.toJSON() },
  build: (config, { size }, random) => new LanguageNetwork(config, size, random),
  kindOf,
  shipped: () => import.meta.resolve("@attend/shakespeare/package.json"),
});

/** The settings that weights depend on. Dropout can differ between trainings. */
function kindOf({ embedding, tiedWeights, recurrent }: LanguageModelConfig) {
  const withoutDropout = { dropout: 0, stateDropout: 0, zoneout: { h: 0, c: 0 } };
  return { embedding, tiedWeights, recurrent: { ...recurrent, ...withoutDropout } };
}
