import { defineModel, type Model } from "@attend/model-folder";
import { modelConfigSchema, type TranslationModelConfig } from "./config.ts";
import { createNetwork, type Network } from "./network.ts";
import { shippedModel } from "./shipped.ts";
import { parseVocabularies, type Vocabularies, vocabulariesToJson } from "./vocabulary.ts";

/** Everything that translates; `network` is its owner's to dispose. */
export type TranslationModel = Model<TranslationModelConfig, Vocabularies, Network>;

/** The models that translate: load, save, average. */
export const translators = defineModel({
  task: "translation",
  program: "attend-translate",
  config: modelConfigSchema,
  tokens: { parse: parseVocabularies, toJSON: vocabulariesToJson },
  build: ({ network }, vocabularies, random) => createNetwork(network, vocabularies, random),
  kindOf: ({ from, to, network }) => ({ from, to, network }),
  shipped: shippedModel,
});
