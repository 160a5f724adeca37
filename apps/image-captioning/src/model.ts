import { defineModel, type Model } from "@attend/model-folder";
import { parseVocabulary, type Vocabulary } from "@attend/text";
import { type CaptionerConfig, captionerConfigSchema } from "./config.ts";
import { CaptioningNetwork } from "./network.ts";

/** What captions photos: its tokens are words, its network is the owner's to dispose. */
export type CaptioningModel = Model<CaptionerConfig, Vocabulary, CaptioningNetwork>;

export const captioners = defineModel({
  task: "image-captioning",
  program: "attend-caption",
  config: captionerConfigSchema,
  tokens: { parse: parseVocabulary, toJSON: (vocabulary: Vocabulary) => vocabulary.toJSON() },
  build: (config, { size }, random) => new CaptioningNetwork(config, size, random),
  kindOf,
  shipped: () => import.meta.resolve("@attend/captioner/package.json"),
});

/** What weights belong to: dropout may differ from training to training, and decoding from use to use. */
export function kindOf({ encoder, decoder }: CaptionerConfig) {
  return { encoder, decoder: { ...decoder, dropout: 0, memoryDropout: 0 } };
}
