import { createRandom, tf } from "@attend/runtime";
import { type Bpe, type Characters, learnBpe, learnCharacters } from "@attend/text";
import { type LanguageModelConfig, languageModelConfigSchema } from "../src/config.ts";
import { LanguageNetwork } from "../src/network.ts";

export const line = "the cat sat on the mat\n";

/** A network with random weights for the characters of {@link line}; the caller disposes it. */
export function createNetwork(config: object = {}): {
  network: LanguageNetwork;
  characters: Characters;
  config: LanguageModelConfig;
} {
  const characters = learnCharacters([line]);
  const parsed = languageModelConfigSchema.parse({
    embedding: 6,
    recurrent: { cell: "lstm", units: 8, layers: 2 },
    ...config,
  });
  const network = new LanguageNetwork(parsed, characters.size, createRandom(3));
  return { network, characters, config: parsed };
}

/** A network with random weights for subwords of {@link line}; é and ö are encoded in bytes. */
export function createSubwordNetwork(): {
  network: LanguageNetwork;
  subwords: Bpe;
  config: LanguageModelConfig;
} {
  const subwords = learnBpe([`${line.repeat(3)}éö`], { size: 276, minCount: 2 });
  const config = languageModelConfigSchema.parse({
    embedding: 6,
    recurrent: { cell: "lstm", units: 8 },
  });
  return { network: new LanguageNetwork(config, subwords.size, createRandom(3)), subwords, config };
}

/** A network with more confident predictions than a freshly initialized one. */
export function createConfidentNetwork() {
  const created = createNetwork();
  for (const [name, parameter] of created.network.namedParameters()) {
    if (name.endsWith("kernel")) tf.tidy(() => parameter.assign(tf.mul(parameter, 4)));
  }
  return created;
}
