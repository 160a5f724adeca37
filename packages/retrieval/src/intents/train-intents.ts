import { setParameter } from "@attend/nn";
import { createRandom } from "@attend/runtime/random";
import type { SentenceVectors } from "@attend/sentence-vectors";
import { roundToFloat16 } from "../float16.ts";
import { calibrate } from "./calibrate.ts";
import {
  checkExamples,
  type Encoded,
  encodeExamples,
  type IntentExample,
  split,
} from "./examples.ts";
import { IntentClassifier, outOfScope } from "./intent-classifier.ts";
import { IntentNetwork } from "./intent-network.ts";
import { trainHead } from "./train-head.ts";

/** Options of {@link trainIntents}. */
export interface IntentTraining {
  readonly seed: number;
  /** Held-out examples, also out of scope, to fit the confidence; by default a fifth of the examples. */
  readonly validation?: readonly IntentExample[] | undefined;
  /** Default 512. */
  readonly hiddenSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of encoded texts and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Trains a classifier of intents; the intent `oos` names what is out of scope. Without examples of it, the texts of a
 * tenth of the intents, left out of a first training, stand for it. The result depends on its arguments alone. The
 * caller disposes it, and the vectors.
 *
 * @throws AttendError BAD_DATA if there are fewer than two intents, or a text or intent is empty; INTERRUPTED
 */
export async function trainIntents(
  examples: readonly IntentExample[],
  vectors: SentenceVectors,
  { seed, validation = [], hiddenSize = 512, signal, onProgress }: IntentTraining,
): Promise<IntentClassifier> {
  checkExamples(examples);
  const all = await encodeExamples([...examples, ...validation], vectors, { signal, onProgress });
  const [taught, given] = [all.slice(0, examples.length), all.slice(examples.length)];
  const random = createRandom(seed);
  const config = {
    encoder: vectors.name,
    dimension: vectors.dimension,
    hiddenSize,
    threshold: 0.5,
  };

  const train = async (of: readonly Encoded[]) => {
    const intents = intentsOf(of);
    const network = new IntentNetwork(config, intents.length, random.fork());
    try {
      await trainHead(network, intents, of, { seed, signal });
    } catch (thrown) {
      network.dispose();
      throw thrown;
    }
    return new IntentClassifier({ config, intents, network }, vectors);
  };
  const calibrated = async () => {
    if (given.length > 0) return undefined;
    const { training, heldOut } = split(taught, random);
    const classifier = await train(training);
    try {
      return calibrate(classifier, heldOut);
    } finally {
      classifier.dispose();
    }
  };

  const fitted = await calibrated();
  const classifier = await train(taught);
  const { weights, threshold } = fitted ?? calibrate(classifier, given);
  setParameter(classifier.network.calibration, roundToFloat16(weights));
  return new IntentClassifier({ ...classifier, config: { ...config, threshold } }, vectors);
}

/** The intents in alphabetical order, with the one out of scope last. */
function intentsOf(examples: readonly Encoded[]): string[] {
  const names = [...new Set(examples.map(({ intent }) => intent))].sort();
  const inScope = names.filter((name) => name !== outOfScope);
  return names.length === inScope.length ? inScope : [...inScope, outOfScope];
}
