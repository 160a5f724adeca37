import { padTokens } from "@attend/datasets";
import { AttendError, tf } from "@attend/runtime";

/** The ids of a sentence's words. */
export type Sentence = readonly number[];

/** A story and a question as word ids. */
export interface EncodedStory {
  /** Sentence by sentence, each with at least one word. */
  readonly story: readonly Sentence[];
  readonly question: Sentence;
}

/** @throws AttendError BAD_ARGUMENT for no stories, an empty sentence or an empty question */
export function checkStories(stories: readonly EncodedStory[]): void {
  if (stories.length === 0) {
    throw new AttendError("BAD_ARGUMENT", "there are no stories; give at least one");
  }
  for (const [row, { story, question }] of stories.entries()) {
    if (question.length > 0 && story.every((sentence) => sentence.length > 0)) continue;
    const what = question.length === 0 ? "question" : "sentence";
    throw new AttendError("BAD_ARGUMENT", `row ${row} has an empty ${what}; leave it out`);
  }
}

/** Sequences of different lengths. */
export interface Padded {
  /** `[rows, steps]` int32, padded with 0; `steps` is at least 1. */
  readonly ids: tf.Tensor2D;
  /** At least 1 each, as networks over sequences require: an empty sequence has one word, 0. */
  readonly lengths: readonly number[];
}

/** Puts sequences side by side; the surrounding `tf.tidy` owns the tensor. */
export function pad(sequences: readonly Sentence[]): Padded {
  const words = sequences.map((sequence) => (sequence.length === 0 ? [0] : sequence));
  const { ids, lengths, steps } = padTokens(words, { padId: 0 });
  return { ids: tf.tensor2d(ids, [sequences.length, steps], "int32"), lengths };
}

/** The sentences of a batch of stories; the surrounding `tf.tidy` owns the tensor. */
export interface StorySentences {
  /** Those of all stories, each array of ids once; the first is empty. */
  readonly sentences: readonly Sentence[];
  /** `[rows, positions]` int32: the index in `sentences` of each sentence of each story; padded with 0. */
  readonly indices: tf.Tensor2D;
  /** The number of sentences of each story. */
  readonly counts: readonly number[];
}

/**
 * Collects the sentences of stories. A sentence that occurs several times as the same array is encoded once, which
 * saves most of the time where stories repeat their sentences.
 */
export function collectSentences(stories: readonly (readonly Sentence[])[]): StorySentences {
  const sentences: Sentence[] = [[]];
  const known = new Map<Sentence, number>();
  const number = (sentence: Sentence) => {
    if (sentence.length === 0) return 0;
    const index = known.get(sentence) ?? sentences.push(sentence) - 1;
    known.set(sentence, index);
    return index;
  };
  const { ids: indices } = pad(stories.map((story) => story.map(number)));
  return { sentences, indices, counts: stories.map(({ length }) => length) };
}

/** Vectors of sentences, `[sentences, size]`, by story: `[rows, positions, size]`. */
export function byStory(vectors: tf.Tensor2D, indices: tf.Tensor2D): tf.Tensor3D {
  const size = vectors.shape[1];
  return tf.reshape<tf.Rank.R3>(tf.gather<tf.Tensor>(vectors, indices), [...indices.shape, size]);
}
