import { createRandom, tf } from "@attend/runtime";
import {
  createNetwork,
  learnTokenizers,
  networkSchema,
  type TranslationModel,
  vocabularySchema,
} from "@attend/translator";

/** Ten sentence pairs that can be memorized. */
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

const network = networkSchema.parse({
  kind: "transformer",
  size: 16,
  heads: 2,
  feedForwardSize: 16,
  encoderLayers: 1,
  decoderLayers: 2,
});

/** A model with random weights, large enough for diverse output; the caller disposes it. */
export function makeModel(): TranslationModel {
  const tokenizers = learnTokenizers(pairs, vocabularySchema.parse({ size: 330 }));
  const random = createRandom(5);
  const built = createNetwork(network, tokenizers, random);
  for (const parameter of built.parameters()) {
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
  const config = { from: "en", to: "de", network, decoding, maxTokens: 20 };
  return { config, tokens: tokenizers, network: built };
}
