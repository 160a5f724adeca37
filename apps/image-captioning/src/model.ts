import { defineModel, type Model } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { parseTokenizer, Words } from "@attend/text";
import { type CaptionerConfig, captionerConfigSchema } from "./config.ts";
import { CaptioningNetwork } from "./network.ts";
import { checkObjects } from "./objects.ts";

/** A captioning model: its tokens are words, and its owner disposes the network. */
export type CaptioningModel = Model<CaptionerConfig, Words, CaptioningNetwork>;

/** Model folders of captioners: load, save, average, and the shipped one. */
export const captioners = defineModel({
  task: "image-captioning",
  program: "attend-caption",
  config: captionerConfigSchema,
  tokens: { parse: parseWords, toJSON: (tokens: Words) => tokens.toJSON() },
  build: (config, words, random) => {
    if (config.objects) checkObjects(config.objects, words);
    return new CaptioningNetwork(config, words.size, random);
  },
  kindOf,
  shipped: () => import.meta.resolve("@attend/captioner/package.json"),
});

/** The settings that weights depend on. Dropout can differ between trainings, and decoding between uses. */
function kindOf({ encoder, decoder, objects }: CaptionerConfig) {
  const noDropout = { dropout: 0, memoryDropout: 0, attentionDropout: 0, activationDropout: 0 };
  return { encoder, decoder: { kind: decoder.kind, ...decoder, ...noDropout }, objects };
}

function parseWords(json: unknown, file: string): Words {
  const tokens = parseTokenizer(json, file);
  if (tokens instanceof Words) return tokens;
  throw new AttendError(
    "BAD_DATA",
    `${file} contains ${tokens.unit}, but a captioner needs words; copy it again, or train the model again`,
  );
}
