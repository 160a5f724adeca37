import { setParameter } from "@attend/nn";
import { yieldTurn } from "@attend/runtime";
import { createRandom } from "@attend/runtime/random";
import type { SentenceVectors } from "@attend/sentence-vectors";
import { cleanText } from "../text/clean.ts";
import { elsewhereQuestions } from "./elsewhere.ts";
import { FaqMatcher, joinedTexts } from "./faq-matcher.ts";
import { fitMatcher } from "./fit-matcher.ts";
import { MatcherNetwork } from "./matcher-network.ts";
import { checkPairs, type FaqPair, wordingsOf } from "./pairs.ts";

/** Options of {@link trainMatcher}. */
export interface MatcherTraining {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of encoded texts and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Questions that the pairs do not answer, and of other subjects; default: some that hardly any FAQ answers. */
  readonly elsewhere?: readonly string[] | undefined;
}

/**
 * Trains a matcher on the pairs of a FAQ, starting from weights that were fitted to other questions: how evidence is
 * weighed, on wordings that are left out; when an answer is likely, also on negated and swapped questions; and the
 * threshold, on questions whose pair is left out and on `elsewhere`. The result depends on its arguments alone. The
 * caller disposes it, and the vectors.
 *
 * @throws AttendError BAD_DATA if there are no pairs or one has an empty text; INTERRUPTED
 */
export async function trainMatcher(
  pairs: readonly FaqPair[],
  vectors: SentenceVectors,
  { seed, signal, onProgress, elsewhere = elsewhereQuestions }: MatcherTraining,
): Promise<FaqMatcher> {
  checkPairs(pairs);
  const wordings = wordingsOf(pairs).map(({ text }) => text);
  const texts = [
    ...wordings,
    ...joinedTexts(pairs),
    ...pairs.map(({ answer }) => cleanText(answer)),
  ];
  const encoded = await vectors.encode(texts, { signal, onProgress });
  await yieldTurn(signal);
  const network = new MatcherNetwork(pairs, vectors.dimension);
  const config = { encoder: vectors.name, dimension: vectors.dimension, threshold: 1 };
  try {
    const count = wordings.length;
    network.questions.fill(encoded.slice(0, count));
    network.joined.fill(encoded.slice(count, 2 * count));
    network.answers.fill(encoded.slice(2 * count));
    const untrained = new FaqMatcher({ config, pairs, network }, vectors);
    const random = createRandom(seed);
    const fitted = await fitMatcher(untrained, {
      random,
      vectors: encoded.slice(0, count),
      signal,
      elsewhere,
    });
    setParameter(network.head, Float32Array.from(fitted.head));
    setParameter(network.calibration, Float32Array.from(fitted.calibration));
    return new FaqMatcher(
      { config: { ...config, threshold: fitted.threshold }, pairs, network },
      vectors,
    );
  } catch (thrown) {
    network.dispose();
    throw thrown;
  }
}
