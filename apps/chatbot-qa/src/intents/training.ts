import { type IntentExample, trainIntents } from "@attend/retrieval/training";
import type { SentenceVectors } from "@attend/sentence-vectors";
import type { TeachOptions } from "../teach.ts";
import { intentModels } from "./model.ts";

/** How intents are taught. */
export interface IntentOptions extends TeachOptions {
  /** More examples, to choose the best weights by; they are not trained on. */
  readonly validation?: readonly IntentExample[] | undefined;
}

/**
 * Teaches a bot intents, and writes its model folder.
 *
 * @returns the intents
 * @throws AttendError BAD_DATA if there are not at least two intents; INTERRUPTED; WRITE_FAILED
 */
export async function trainIntentModel(
  examples: readonly IntentExample[],
  vectors: SentenceVectors,
  { out, seed = 1, validation, signal, onProgress }: IntentOptions,
): Promise<readonly string[]> {
  const classifier = await trainIntents(examples, vectors, {
    seed,
    validation,
    signal,
    onProgress,
  });
  try {
    const { config, intents, network } = classifier;
    await intentModels.save(
      { config: { kind: "intents", classifier: config }, tokens: intents, network },
      out,
    );
    return intents;
  } finally {
    classifier.dispose();
  }
}
