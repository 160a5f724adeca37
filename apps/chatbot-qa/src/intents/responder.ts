import type { LoadOptions } from "@attend/model-folder";
import { IntentClassifier, outOfScope } from "@attend/retrieval";
import { loadSentenceVectors, type SentenceVectors } from "@attend/sentence-vectors";
import type { Reply, ReplyOptions, Responder, Turn } from "../responder.ts";
import { intentModels } from "./model.ts";

/** Loads an intent classifier; see `loadChatbot` for its errors. */
export async function loadIntents(folder: string, options: LoadOptions): Promise<IntentResponder> {
  const model = await intentModels.load(folder, options);
  try {
    const { classifier: config } = model.config;
    const vectors = await loadSentenceVectors(config.encoder, options);
    const { tokens: intents, network } = model;
    return new IntentResponder(
      new IntentClassifier({ config, intents, network }, vectors),
      vectors,
    );
  } catch (thrown) {
    model.network.dispose();
    throw thrown;
  }
}

const nothing = { intent: outOfScope, confidence: 0, confident: false, alternatives: [] };

/** Replies with the intent of what was said. */
class IntentResponder implements Responder {
  readonly kind = "intents";
  readonly classifier: IntentClassifier;
  readonly #vectors: SentenceVectors;

  constructor(classifier: IntentClassifier, vectors: SentenceVectors) {
    this.classifier = classifier;
    this.#vectors = vectors;
  }

  async *respond(
    question: string,
    _turns: readonly Turn[],
    { signal }: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const [found] = await this.classifier.classify([question], { signal });
    const { intent, confidence, confident, alternatives } = found ?? nothing;
    yield intent;
    const likeliest = alternatives.map((each) => `${each.intent} (${each.probability.toFixed(2)})`);
    const why = `${likeliest.join(", then ")}; confidence ${confidence.toFixed(2)}`;
    return { question, answer: intent, confidence, confident, source: null, why };
  }

  get advice(): string | undefined {
    return this.#vectors.advice;
  }

  close(): void {
    this.classifier.dispose();
    this.#vectors.dispose();
  }
}
