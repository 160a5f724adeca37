import { tf } from "@attend/runtime";
import type { EncodeOptions, SentenceVectors } from "@attend/sentence-vectors";
import { logistic } from "../fit-choices.ts";
import { requireEncoder } from "../require-encoder.ts";
import { cleanText, wordsOf } from "../text/clean.ts";
import { isRefusal } from "../text/refusal.ts";
import { matrixOf } from "../vector-index.ts";
import type { IntentNetwork } from "./intent-network.ts";
import type { IntentsConfig } from "./intents-config.ts";

/** The intent of a text that has none of the others. */
export const outOfScope = "oos";

const maxAlternatives = 3;

/** An intent and its probability. */
export interface Alternative {
  readonly intent: string;
  /** Among all intents, if the text is in scope. */
  readonly probability: number;
}

/** What a classifier says of a text. */
export interface Classified {
  /** The likeliest intent if it is confident, else {@link outOfScope}. */
  readonly intent: string;
  /** The probability that the likeliest intent, the first of `alternatives`, is right; 0 for a text without words. */
  readonly confidence: number;
  readonly confident: boolean;
  /** The likeliest intents, best first; empty for a text without words. */
  readonly alternatives: readonly Alternative[];
}

/** A trained classifier; plain JSON and a network. */
export interface IntentsModel {
  readonly config: IntentsConfig;
  /** In the order of the network's outputs; with {@link outOfScope} if there were examples of it. */
  readonly intents: readonly string[];
  readonly network: IntentNetwork;
}

/** What speaks for the likeliest intent of a text. */
export interface IntentEvidence {
  /** Of each intent, as the network says. */
  readonly probabilities: Float32Array;
  /** The index of the likeliest intent in scope. */
  readonly best: number;
  /** In the order of `intentFeatures`. */
  readonly features: readonly number[];
}

/** Tells the intent of texts, and which are out of scope. Created by `trainIntents`, or loaded. */
export class IntentClassifier implements IntentsModel {
  readonly config: IntentsConfig;
  readonly intents: readonly string[];
  readonly network: IntentNetwork;
  readonly #vectors: SentenceVectors;

  /**
   * Takes ownership of the network, but not of the vectors.
   *
   * @throws AttendError BAD_CONFIG if these are not the vectors that it was trained with
   */
  constructor({ config, intents, network }: IntentsModel, vectors: SentenceVectors) {
    requireEncoder(config, vectors);
    this.config = config;
    this.intents = intents;
    this.network = network;
    this.#vectors = vectors;
  }

  /** @throws AttendError INTERRUPTED if `signal` is aborted */
  async classify(texts: readonly string[], options?: EncodeOptions): Promise<Classified[]> {
    const clean = texts.map(cleanText);
    const vectors = await this.#vectors.encode(clean, options);
    const weights = [...this.network.calibration.dataSync<"float32">()];
    return this.evidence(clean, vectors).map(({ probabilities, best, features }, i) => {
      if (wordsOf(clean[i] ?? "").length === 0) {
        return { intent: outOfScope, confidence: 0, confident: false, alternatives: [] };
      }
      const confidence = logistic(features, weights);
      const confident = confidence >= this.config.threshold;
      const intent = confident ? (this.intents[best] ?? outOfScope) : outOfScope;
      return { intent, confidence, confident, alternatives: this.#alternatives(probabilities) };
    });
  }

  /** Frees the network; it cannot classify anymore. */
  dispose(): void {
    this.network.dispose();
  }

  /** What the confidence in clean texts is computed from. */
  evidence(texts: readonly string[], vectors: readonly Float32Array[]): IntentEvidence[] {
    if (texts.length === 0) return [];
    const { network, intents } = this;
    const [probabilities, cosines] = tf.tidy(() => {
      const inputs = matrixOf(vectors, this.config.dimension);
      return [
        tf.softmax(network.logits(inputs)).dataSync<"float32">(),
        tf.matMul(inputs, network.centroids, false, true).dataSync<"float32">(),
      ];
    });
    const refusals = network.refusals.dataSync<"float32">();
    return texts.map((text, row) => {
      const [start, end] = [row * intents.length, (row + 1) * intents.length];
      const own = probabilities.subarray(start, end);
      const best = this.#bestOf(own);
      const refusal = isRefusal(text) ? 1 - (refusals[best] ?? 0) : 0;
      const logProbability = Math.log(Math.max(own[best] ?? 0, 1e-9));
      const features = [logProbability, cosines[start + best] ?? 0, refusal, 1];
      return { probabilities: own, best, features };
    });
  }

  #bestOf(probabilities: Float32Array): number {
    let best = this.intents[0] === outOfScope ? 1 : 0;
    for (const [i, intent] of this.intents.entries()) {
      if (intent !== outOfScope && (probabilities[i] ?? 0) > (probabilities[best] ?? 0)) best = i;
    }
    return best;
  }

  #alternatives(probabilities: Float32Array): Alternative[] {
    const inScope = this.intents.flatMap((intent, i) =>
      intent === outOfScope ? [] : [{ intent, probability: probabilities[i] ?? 0 }],
    );
    const total = inScope.reduce((sum, { probability }) => sum + probability, 0);
    return inScope
      .map(({ intent, probability }) => ({ intent, probability: probability / (total || 1) }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, maxAlternatives);
  }
}
