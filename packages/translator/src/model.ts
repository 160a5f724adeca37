import { defineModel, type Model } from "@attend/model-folder";
import { modelConfigSchema, type TranslationModelConfig } from "./config.ts";
import { createNetwork, type Network } from "./network.ts";
import { shippedModel } from "./shipped.ts";
import { parseTokenizers, type Tokenizers, tokenizersToJson } from "./tokenizers.ts";

/** A translation model; the caller disposes its `network`. */
export type TranslationModel = Model<TranslationModelConfig, Tokenizers, Network>;

/** Loads, saves and averages translation models. */
export const translators = defineModel({
  task: "translation",
  program: "attend-translate",
  config: modelConfigSchema,
  tokens: { parse: parseTokenizers, toJSON: tokenizersToJson },
  build: ({ network }, tokenizers, random) => createNetwork(network, tokenizers, random),
  kindOf: ({ from, to, network }) => ({ from, to, network }),
  shipped: shippedModel,
});
