import { splitSentences } from "@attend/text";
import { Draft, type Edit } from "../draft.ts";
import { wordsOf } from "../words/words.ts";
import { figureEdits } from "./figures.ts";

/** A text in which all numbers are figures, as is none that is written well: for comparisons. */
export function writeFigures(text: string, language: string): string {
  const draft = new Draft(text);
  draft.apply(figureEditsOf(text, language, true));
  return draft.text;
}

/** The edits that write numbers of several words in figures, or, if `all`, every number. */
export function figureEditsOf(text: string, language: string, all = false): Edit[] {
  const sentences = splitSentences(text, language).map(wordsOf);
  return sentences.flatMap((words) => figureEdits(words, language, all));
}
