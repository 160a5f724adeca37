import { splitSentences } from "@attend/text";
import { Draft, type Edit } from "../draft.ts";
import { wordsOf } from "../words/words.ts";
import { figureEdits } from "./figures.ts";

/** A text in which numbers of several words are figures. */
export function writeFigures(text: string, language: string): string {
  const draft = new Draft(text);
  draft.apply(figureEditsOf(text, language));
  return draft.text;
}

/** What {@link writeFigures} changes. */
export function figureEditsOf(text: string, language: string): Edit[] {
  const sentences = splitSentences(text, language).map(wordsOf);
  return sentences.flatMap((words) => figureEdits(words, language));
}
