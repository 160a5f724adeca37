import { Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { checkStories, type EncodedStory } from "./stories.ts";

/** What a reader says of questions. A type rather than an interface, so that `tf.tidy` may return it. */
export type Answered = {
  /** `[rows, answers]` */
  readonly logits: tf.Tensor2D;
  /**
   * `[rows, hops, positions]`: how much each hop looked at each sentence or word of the story, the first one first; 0
   * past the story's end. Absent without attention. See {@link StoryReader.looksAt}.
   */
  readonly attention?: tf.Tensor3D;
  /** A cost of how the answers were found, to be added to the loss. */
  readonly cost?: tf.Scalar;
};

/** Options of {@link StoryReader.read}. */
export interface ReadOptions {
  /** In training: enables dropout and noise. */
  readonly random?: Random | undefined;
  /** Of a memory network: leaves out the softmax of each hop, as its training starts; see `MemoryNetwork`. */
  readonly linear?: boolean | undefined;
}

/** Answers questions about stories; the answers are classes. Created by `createReader`. */
export abstract class StoryReader extends Module {
  /** What the positions of the attention are. */
  abstract readonly looksAt: "sentences" | "words" | "nothing";
  /** The largest number of sentences that are read. */
  readonly maxSentences: number;

  constructor({ maxSentences }: { readonly maxSentences: number }) {
    super();
    this.maxSentences = maxSentences;
  }

  /**
   * Answers questions. Of a longer story the latest `maxSentences` are read, and the attention's positions begin with
   * the first of them. The caller owns the result.
   *
   * @throws AttendError BAD_ARGUMENT for no stories, an empty sentence or an empty question; an empty story is allowed
   */
  read(stories: readonly EncodedStory[], options: ReadOptions = {}): Answered {
    checkStories(stories);
    const latest = stories.map(({ story, question }) => {
      return { story: story.slice(-this.maxSentences), question };
    });
    return tf.tidy(() => this.answer(latest, options));
  }

  /** {@link read} of checked input, within `tf.tidy`. */
  protected abstract answer(stories: readonly EncodedStory[], options: ReadOptions): Answered;
}
