import { AttendError, type Random, tf } from "@attend/runtime";

/** A story and a question as word ids. */
export interface EncodedStory {
  /** Sentence by sentence, each with at least one word. */
  readonly story: readonly (readonly number[])[];
  readonly question: readonly number[];
}

/** A batch of stories, ready for a `MemoryNetwork`. Freed by `tf.dispose`. */
export type StoryBatch = {
  /** `[rows, memories, words]` int32: the latest sentence first, padded with 0. */
  readonly memories: tf.Tensor3D;
  /** `[rows, words]` int32 */
  readonly questions: tf.Tensor2D;
  /** The number of words of each memory, row by row; 0 for an empty one. */
  readonly memoryLengths: readonly (readonly number[])[];
  readonly questionLengths: readonly number[];
};

/** Options of {@link batchStories}. */
export interface StoryBatchOptions {
  readonly maxMemories: number;
  /**
   * In training, inserts empty memories, one for every ten sentences on average, so that the network does not
   * memorize when something was said ("random noise", section 4.1).
   */
  readonly noise?: Random | undefined;
}

const noiseRate = 0.1;

/**
 * Stories side by side; the caller disposes the batch.
 *
 * @throws AttendError BAD_ARGUMENT for an empty sentence or question
 */
export function batchStories(
  stories: readonly EncodedStory[],
  { maxMemories, noise }: StoryBatchOptions,
): StoryBatch {
  for (const [row, { story, question }] of stories.entries()) {
    if (question.length > 0 && story.every((sentence) => sentence.length > 0)) continue;
    const what = question.length === 0 ? "question" : "sentence";
    throw new AttendError("BAD_ARGUMENT", `row ${row} has an empty ${what}; leave it out`);
  }
  const rows = stories.map(({ story }) => withNoise(story, noise).reverse().slice(0, maxMemories));
  const memories = Math.max(1, ...rows.map(({ length }) => length));
  const words = Math.max(1, ...rows.flat().map(({ length }) => length));
  const questions = stories.map(({ question }) => question);
  const steps = Math.max(1, ...questions.map(({ length }) => length));
  const padded = rows.flatMap((row) =>
    Array.from({ length: memories }, (_, i) => padTo(row[i] ?? [], words)),
  );
  return {
    memories: tf.tensor3d(padded.flat(), [rows.length, memories, words], "int32"),
    questions: tf.tensor2d(
      questions.flatMap((question) => padTo(question, steps)),
      [rows.length, steps],
      "int32",
    ),
    memoryLengths: rows.map((row) =>
      Array.from({ length: memories }, (_, i) => row[i]?.length ?? 0),
    ),
    questionLengths: questions.map(({ length }) => length),
  };
}

function withNoise(story: readonly (readonly number[])[], noise: Random | undefined) {
  if (noise === undefined) return [...story];
  return story.flatMap((sentence) => (noise.uniform() < noiseRate ? [[], sentence] : [sentence]));
}

function padTo(words: readonly number[], length: number): number[] {
  return [...words, ...new Array<number>(length - words.length).fill(0)];
}
