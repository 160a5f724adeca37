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
