import { AttendError, loadEngine } from "@attend/runtime";
import { createTransformer, type Transformer } from "@attend/transformer";
import {
  encodeSource,
  type Tokenizers,
  type TranslationModelConfig,
  translators,
} from "@attend/translator";

/** A shipped translator with its layers in reach; its owner disposes the network. */
export interface ShippedTransformer {
  readonly network: Transformer;
  readonly tokens: Tokenizers;
  readonly config: TranslationModelConfig;
}

/**
 * Loads the shipped translator for two languages, and an engine if none is loaded.
 *
 * @throws AttendError BAD_ARGUMENT if there is none
 */
export async function loadTransformer(languages: {
  readonly from: string;
  readonly to: string;
}): Promise<ShippedTransformer> {
  const { config, tokens, weights } = await translators.read(undefined, languages);
  const { kind, ...sizes } = config.network;
  if (kind !== "transformer" || !("heads" in sizes)) throw new TypeError("not a Transformer");
  await loadEngine();
  const network = createTransformer({
    ...sizes,
    sourceVocabularySize: tokens.source.size,
    targetVocabularySize: tokens.target.size,
  });
  try {
    await translators.loadWeights(network, weights);
  } catch (thrown) {
    network.dispose();
    throw thrown;
  }
  return { network, tokens, config };
}

/**
 * The ids of a sentence, with the end.
 *
 * @throws AttendError BAD_ARGUMENT if a figure of it could not be read
 */
export function sentenceOf(text: string, tokens: Tokenizers): number[] {
  const ids = encodeSource(text, tokens);
  if (ids.length <= maxTokens) return ids;
  const message = `the sentence has ${ids.length} tokens, more than ${maxTokens}; give a shorter one`;
  throw new AttendError("BAD_ARGUMENT", message);
}

const maxTokens = 60;
