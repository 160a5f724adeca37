import { fileURLToPath } from "node:url";
import type { EfficientNetLite, ImageEncoding } from "@attend/cnn-encoder";
import type { EncodedImage } from "@attend/decoding";
import { AttendError, tf } from "@attend/runtime";
import { parseConfig, readJson } from "@attend/runtime/config";
import { countWords, learnWords, Words } from "@attend/text";
import { z } from "zod";
import type { CaptionerConfig } from "./config.ts";

/** Words that captions can copy, and the encoder's classes that each one names. */
export type Objects = NonNullable<CaptionerConfig["objects"]>;

/** The words by which captions may name each of ImageNet's classes, the most specific first. */
async function readClassWords(): Promise<string[][]> {
  const file = fileURLToPath(new URL("../class-words.json", import.meta.url));
  return parseConfig(z.array(z.array(z.string())), await readJson(file), file);
}

/** A name is passed over for a more general one that captions use this many times as often: "terrier" for "dog". */
const maxRatio = 30;

/**
 * Names each class by a word of the captions, the most specific one that people use; if they use none, by its own
 * first name, which is then new to the vocabulary.
 *
 * @param counts how often each word occurs in captions
 */
export async function chooseObjects(
  counts: ReadonlyMap<string, number>,
  minCount: number,
): Promise<Objects> {
  const objects = new Map<string, number[]>();
  for (const [index, names] of (await readClassWords()).entries()) {
    const countOf = (name: string) => counts.get(name) ?? 0;
    const highest = Math.max(0, ...names.map(countOf));
    const common = names.find(
      (name) => countOf(name) >= minCount && countOf(name) * maxRatio >= highest,
    );
    const name = common ?? names[0];
    if (name !== undefined) objects.set(name, [...(objects.get(name) ?? []), index]);
  }
  return Object.fromEntries(objects);
}

/** The vocabulary of captions, with the object words at its end. */
export async function learnObjectWords(
  texts: readonly string[],
  minCount: number,
): Promise<{ words: Words; objects: Objects }> {
  const objects = await chooseObjects(countWords(texts), minCount);
  const { tokens } = learnWords(texts, { minCount }).toJSON();
  const others = tokens.slice(firstWord).filter((word) => !Object.hasOwn(objects, word));
  return { words: new Words([...others, ...Object.keys(objects)]), objects };
}

const firstWord = new Words([]).size;

/** @throws AttendError BAD_CONFIG if the object words are not the last words of the vocabulary, in order */
export function checkObjects(objects: Objects, words: Words): void {
  const names = Object.keys(objects);
  const first = words.size - names.length;
  if (first >= firstWord && names.every((name, i) => words.token(first + i) === name)) return;
  throw new AttendError(
    "BAD_CONFIG",
    'the "objects" of this captioner are not the last words of its vocabulary; copy the model again, or train it again',
  );
}

/** No object is ruled out. */
const floor = 1e-5;

/**
 * Adds the log-probability of each object word: of the classes that it names. Call it inside `tf.tidy`.
 *
 * @param encoder with a classifier
 */
export function withObjects(
  encoding: ImageEncoding,
  encoder: EfficientNetLite,
  objects: Objects | undefined,
): EncodedImage {
  const { classifier } = encoder;
  if (objects === undefined || classifier === undefined) return encoding;
  const names = Object.values(objects);
  // Classes without a name are summed in one row too many.
  const nameOf = new Int32Array(classifier.kernel.shape[1]).fill(names.length);
  for (const [name, classes] of names.entries()) {
    for (const index of classes) nameOf[index] = name;
  }
  const classes = tf.transpose(tf.softmax(classifier.forward(encoding.pooled)));
  const sums = tf.unsortedSegmentSum(classes, tf.tensor1d(nameOf, "int32"), names.length + 1);
  const named = tf.transpose(tf.slice(sums, 0, names.length)) as tf.Tensor2D;
  return { ...encoding, objects: tf.log(tf.add(named, floor)) };
}
