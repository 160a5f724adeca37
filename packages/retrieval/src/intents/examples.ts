import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import type { EncodeOptions, SentenceVectors } from "@attend/sentence-vectors";
import { cleanText } from "../text/clean.ts";
import { outOfScope } from "./intent-classifier.ts";

/** A text and its intent. */
export interface IntentExample {
  readonly text: string;
  readonly intent: string;
}

export interface Encoded extends IntentExample {
  readonly vector: Float32Array;
}

/** @throws AttendError BAD_DATA */
export function checkExamples(examples: readonly IntentExample[]): void {
  const empty = examples.findIndex(({ text, intent }) => cleanText(text) === "" || intent === "");
  if (empty >= 0) {
    const message = `example ${empty} (counted from 0) has an empty text or intent; complete it or leave it out`;
    throw new AttendError("BAD_DATA", message);
  }
  const intents = new Set(examples.map(({ intent }) => intent));
  intents.delete(outOfScope);
  if (intents.size < 2) {
    const message = `there are examples of ${intents.size} intents beside ${outOfScope}; give examples of at least two`;
    throw new AttendError("BAD_DATA", message);
  }
}

export async function encodeExamples(
  examples: readonly IntentExample[],
  vectors: SentenceVectors,
  options: EncodeOptions,
): Promise<Encoded[]> {
  const texts = examples.map(({ text }) => cleanText(text));
  const encoded = await vectors.encode(texts, options);
  return examples.map(({ intent }, i) => ({
    text: texts[i] ?? "",
    intent,
    vector: encoded[i] ?? new Float32Array(vectors.dimension),
  }));
}

/**
 * Holds out a fifth of the examples. If none is out of scope, those of a tenth of the intents, at least one of three,
 * are: they are not trained on, and held out as out of scope.
 */
export function split(
  examples: readonly Encoded[],
  random: Random,
): { training: Encoded[]; heldOut: Encoded[] } {
  const intents = random.shuffle([...new Set(examples.map(({ intent }) => intent))].sort());
  const left =
    intents.includes(outOfScope) || intents.length < 3 ? 0 : Math.ceil(intents.length / 10);
  const unknown = new Set(intents.slice(0, left));
  const training: Encoded[] = [];
  const heldOut: Encoded[] = [];
  const seen = new Map<string, number>();
  for (const example of random.shuffle([...examples])) {
    const count = (seen.get(example.intent) ?? 0) + 1;
    seen.set(example.intent, count);
    if (unknown.has(example.intent)) heldOut.push({ ...example, intent: outOfScope });
    // The first of each intent is trained on, so that none is missing.
    else if (count % 5 === 2) heldOut.push(example);
    else training.push(example);
  }
  return { training, heldOut };
}
