import { defineModel, type Model } from "@attend/model-folder";
import { type TaggerConfig, taggerConfigSchema } from "./config.ts";
import { TaggerNetwork } from "./network.ts";
import { Vocabulary } from "./vocabulary.ts";

/** The contents of a model folder. */
export type TaggerModel = Model<TaggerConfig, Vocabulary, TaggerNetwork>;

/** The languages of the models that are shipped; the first is the default. */
export const shippedLanguages: readonly string[] = ["en", "de"];

/** Model folders of taggers that restore punctuation and capitals. */
export const taggers = defineModel({
  task: "text-repair",
  program: "attend-interpret",
  config: taggerConfigSchema,
  tokens: { parse: Vocabulary.parse, toJSON: ({ json }: Vocabulary) => json },
  build: (config, { size }, random) => new TaggerNetwork(config, size, random),
  shipped: ({ language }: { readonly language?: string | undefined } = {}) =>
    language === "de"
      ? import.meta.resolve("@attend/repair-de/package.json")
      : import.meta.resolve("@attend/repair-en/package.json"),
  kindOf: (config) => ({ ...config, dropout: 0, window: 0 }),
});
