import { defineModel, type Model } from "@attend/model-folder";
import { modelConfigSchema, type TranslationModelConfig } from "./config.ts";
import { createNetwork, type Network } from "./network.ts";
import { shippedModel } from "./shipped.ts";
import { parseVocabularies, type Vocabularies, vocabulariesToJson } from "./vocabulary.ts";

/** A translation model; the caller disposes its `network`. */
export type TranslationModel = Model<TranslationModelConfig, Vocabularies, Network>;

/** Loads, saves and averages translation models. */
export const translators = defineModel({
  task: "translation",
  program: "attend-translate",
  config: modelConfigSchema,
  tokens: { parse: parseVocabularies, toJSON: vocabulariesToJson },
  build: ({ network }, vocabularies, random) => createNetwork(network, vocabularies, random),
  kindOf: ({ from, to, network }) => ({ from, to, network }),
  shipped: shippedModel,
});
