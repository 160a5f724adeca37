import { defineModel, type Model } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { parseTokenizer, Words } from "@attend/text";
import { type CaptionerConfig, captionerConfigSchema } from "./config.ts";
import { CaptioningNetwork } from "./network.ts";

/** What captions photos: its tokens are words, its network is the owner's to dispose. */
export type CaptioningModel = Model<CaptionerConfig, Words, CaptioningNetwork>;

/** The folders of captioners: load, save, average, and the one that is shipped. */
export const captioners = defineModel({
  task: "image-captioning",
  program: "attend-caption",
  config: captionerConfigSchema,
  tokens: { parse: parseWords, toJSON: (tokens: Words) => tokens.toJSON() },
  build: (config, { size }, random) => new CaptioningNetwork(config, size, random),
  kindOf,
  shipped: () => import.meta.resolve("@attend/captioner/package.json"),
});

/** What weights belong to: dropout may differ from training to training, and decoding from use to use. */
export function kindOf({ encoder, decoder }: CaptionerConfig) {
  return { encoder, decoder: { ...decoder, dropout: 0, memoryDropout: 0 } };
}

function parseWords(json: unknown, file: string): Words {
  const tokens = parseTokenizer(json, file);
  if (tokens instanceof Words) return tokens;
  throw new AttendError(
    "BAD_DATA",
    `${file} holds ${tokens.unit}, but not words, in which a captioner writes; copy it again, or train the model again`,
  );
}
