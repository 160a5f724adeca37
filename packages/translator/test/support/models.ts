import { createRandom, tf } from "@attend/runtime";
import {
  type NetworkConfig,
  networkSchema,
  type TranslationModelConfig,
  vocabularySchema,
} from "../../src/config.ts";
import type { TranslationModel } from "../../src/model.ts";
import { createNetwork } from "../../src/network.ts";
import { learnTokenizers, type Tokenizers } from "../../src/tokenizers.ts";

/** Ten sentences to memorize. */
export const pairs = [
  ["A dog runs.", "Ein Hund rennt."],
  ["A cat sleeps.", "Eine Katze schläft."],
  ["Two men sing.", "Zwei Männer singen."],
  ["The girl reads a book.", "Das Mädchen liest ein Buch."],
  ["A boy eats an apple.", "Ein Junge isst einen Apfel."],
  ["They play football.", "Sie spielen Fußball."],
  ["The woman drinks water.", "Die Frau trinkt Wasser."],
  ["A man rides a bicycle.", "Ein Mann fährt Fahrrad."],
  ["Children swim.", "Kinder schwimmen."],
  ["He sees a bird.", "Er sieht einen Vogel."],
].map(([source = "", target = ""]) => ({ source, target }));

const transformer = networkSchema.parse({
  kind: "transformer",
  size: 16,
  heads: 2,
  feedForwardSize: 16,
  encoderLayers: 1,
  decoderLayers: 2,
});

export const networks: readonly NetworkConfig[] = [
  transformer,
  networkSchema.parse({
    kind: "seq2seq",
    embeddingSize: 12,
    hiddenSize: 16,
    attention: { kind: "luong", score: "general" },
  }),
  networkSchema.parse({
    kind: "convs2s",
    embeddingSize: 12,
    encoder: { layers: 1, size: 12 },
    decoder: { layers: 2, size: 16 },
  }),
];

function tokenizers(): Tokenizers {
  return learnTokenizers(pairs, vocabularySchema.parse({ size: 330 }));
}

/** A model with random weights that are large enough for its choices to differ; the caller disposes it. */
export function makeModel(
  network: NetworkConfig = transformer,
  changes: Partial<TranslationModelConfig> = {},
): TranslationModel {
  const tokens = tokenizers();
  const random = createRandom(5);
  const created = createNetwork(network, tokens, random);
  for (const parameter of created.parameters()) {
    const values = Float32Array.from({ length: parameter.size }, () => 0.4 * random.normal());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
  const decoding = {
    beamWidth: 3,
    lengthPenalty: 0.6,
    coveragePenalty: 0,
    noRepeatNgram: 3,
    earlyStop: true,
  };
  const config = { from: "en", to: "de", network, decoding, maxTokens: 20, ...changes };
  return { config, tokens, network: created };
}
