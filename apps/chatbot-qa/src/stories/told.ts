import { splitSentences } from "@attend/text";

/** What someone says of a story. */
export interface Told {
  /** Sentences to remember. */
  readonly facts: readonly string[];
  /** Sentences that end in a question mark. */
  readonly questions: readonly string[];
}

/** Sorts the sentences of what was said: `Mary is in the garden. Where is Mary?` is a fact and a question. */
export function readTold(said: string): Told {
  const sentences = splitSentences(said)
    .map(({ text }) => text)
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  const isQuestion = (sentence: string) => sentence.endsWith("?");
  return {
    facts: sentences.filter((sentence) => !isQuestion(sentence)),
    questions: sentences.filter(isQuestion),
  };
}

/** A line of a file of stories: numbers are optional, and what follows a tab, as in training, is the answer. */
export interface StoryLine {
  readonly text: string;
  /** Whether a story begins: after a blank line, and at the number 1. */
  readonly begins: boolean;
}

/** Reads a line of a file of stories. */
export function readStoryLine(line: string): StoryLine {
  const [told = ""] = line.split("\t");
  const [, number, text = told] = /^\s*(\d+)\s+(\S.*)$/.exec(told) ?? [];
  return { text: text.trim(), begins: number === "1" || told.trim() === "" };
}
