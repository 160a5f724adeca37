import { fitChoices, labeled, logistic } from "../fit-choices.ts";
import { roundToFloat16 } from "../float16.ts";
import type { Encoded } from "./examples.ts";
import { type IntentClassifier, outOfScope } from "./intent-classifier.ts";
import { intentFeatures } from "./intent-network.ts";

/** In the order of `intentFeatures`: the network's probability as it is, and a refusal against the intent. */
const prior = [1, 0, -3, 0];
const refusalFeature = intentFeatures.indexOf("refusal");
/** Of the prior: few examples move it far. */
const strength = 0.01;
/** How much the accuracy in scope counts for, beside the recall of what is out of scope. */
const inScopeWeight = 7;

/** Fits when an intent is likely right, and the threshold, to held-out examples. */
export function calibrate(
  classifier: IntentClassifier,
  heldOut: readonly Encoded[],
): { weights: readonly number[]; threshold: number } {
  const texts = heldOut.map(({ text }) => text);
  const evidence = classifier.evidence(
    texts,
    heldOut.map(({ vector }) => vector),
  );
  const judged = evidence.map(({ best, features }, i) => ({
    features,
    isRight: classifier.intents[best] === heldOut[i]?.intent,
    isInScope: heldOut[i]?.intent !== outOfScope,
  }));
  const choices = judged.flatMap(({ features, isRight }) => {
    const choice = labeled(features, isRight);
    if (!isRight || features[refusalFeature] !== 0) return [choice];
    // Refused, it would be wrong, with about the same vector.
    return [choice, labeled(features.with(refusalFeature, 1), false)];
  });
  const weights = [...roundToFloat16(fitChoices(choices, prior, strength))];
  const confidences = judged.map((each) => ({
    ...each,
    confidence: logistic(each.features, weights),
  }));
  return { weights, threshold: bestThreshold(confidences) };
}

/**
 * The threshold with the best accuracy in scope (a text that is taken to be out of scope is wrong) and recall out of
 * scope; 0.5 if nothing is out of scope.
 */
function bestThreshold(
  judged: readonly { confidence: number; isRight: boolean; isInScope: boolean }[],
): number {
  const inScope = judged.filter((each) => each.isInScope).length;
  const others = judged.length - inScope;
  if (inScope === 0 || others === 0) return 0.5;
  const sorted = [...judged].sort((a, b) => b.confidence - a.confidence);
  let [right, taken] = [0, 0];
  let best = { value: 1, threshold: 1 };
  for (const [i, each] of sorted.entries()) {
    if (each.isRight) right++;
    if (!each.isInScope) taken++;
    const value = (inScopeWeight * right) / inScope + 1 - taken / others;
    const next = sorted[i + 1]?.confidence ?? 0;
    if (next !== each.confidence && value > best.value) {
      best = { value, threshold: (each.confidence + next) / 2 };
    }
  }
  return best.threshold;
}
