import type { ReaderConfig } from "./config.ts";
import type { EncodedStory, Sentence } from "./stories.ts";

/** A story and a question as text. */
export interface ToldStory {
  readonly story: readonly string[];
  readonly question: string;
}

/**
 * Encodes stories by the ids of their words. Equal sentences become the same array, so that a reader encodes them once.
 *
 * @param idsOf the ids of a sentence's words
 */
export function storyEncoder(
  idsOf: (sentence: string) => Sentence,
): (told: ToldStory) => EncodedStory {
  const known = new Map<string, Sentence>();
  const encode = (text: string): Sentence => {
    const sentence = known.get(text) ?? idsOf(text);
    known.set(text, sentence);
    return sentence;
  };
  return ({ story, question }) => ({ story: story.map(encode), question: encode(question) });
}

/** What numbers the words of stories, such as a tokenizer of `@attend/text`. */
interface StoryWords {
  readonly size: number;
  encode(text: string): Sentence;
  /** Whether all words of a text have ids of their own. */
  knows(text: string): boolean;
}

/** What the words and answers of stories decide in a reader's config. */
interface ReaderSizes {
  readonly vocabularySize: number;
  readonly answers: number;
  readonly answerWords?: number[];
}

/** The sizes of a reader of stories with these words and answers. */
export function readerSizes(
  kind: ReaderConfig["kind"],
  words: StoryWords,
  answers: readonly string[],
): ReaderSizes {
  const sizes = { vocabularySize: words.size, answers: answers.length };
  if (kind !== "memory-network") return sizes;
  const answerWords = answers.map((answer, i) => {
    const [word, ...more] = words.knows(answer) ? words.encode(answer) : [];
    return word === undefined || more.length > 0 ? words.size + i : word;
  });
  return { ...sizes, answerWords };
}
