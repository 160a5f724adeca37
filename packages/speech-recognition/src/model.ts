import { defineModel, type Model } from "@attend/model-folder";
import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { type RecognizerConfig, recognizerConfigSchema } from "./config.ts";
import { Labels, labelsSchema } from "./labels.ts";
import { LanguageModel, languageModelSchema } from "./language-model.ts";
import { SpeechNetwork } from "./network/speech-network.ts";

/** What a recognizer writes, and which labels follow each other. */
export interface RecognizerTokens {
  readonly labels: Labels;
  readonly language: LanguageModel;
}

/** A recognizer's parts; its owner disposes the network. */
export type RecognizerModel = Model<RecognizerConfig, RecognizerTokens, SpeechNetwork>;

const tokensSchema = z.strictObject({ ...labelsSchema.shape, language: languageModelSchema });

/** Model folders of recognizers; the shipped one knows the digits in English. */
export const recognizers = defineModel({
  task: "speech-recognition",
  program: "attend-interpret",
  config: recognizerConfigSchema,
  tokens: {
    parse(json: unknown, file: string): RecognizerTokens {
      const remedy = "copy the file again, or train the model again";
      const { unit, labels, language } = parseConfig(tokensSchema, json, file, {
        ...{ code: "BAD_DATA", remedy },
      });
      return { labels: new Labels(unit, labels), language: new LanguageModel(language) };
    },
    toJSON: ({ labels, language }: RecognizerTokens) => ({ ...labels.toJSON(), language }),
  },
  build: ({ network, features }, { labels }, random) =>
    new SpeechNetwork(network, { bands: features.mels, labels: labels.size }, random),
  kindOf: ({ network: { listener, speller }, features }) => ({
    features,
    listener: { ...listener, dropout: 0 },
    speller: speller?.hiddenSize ?? 0,
  }),
  shipped: () => import.meta.resolve("@attend/recognizer-digits/package.json"),
});
