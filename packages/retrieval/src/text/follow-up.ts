import { wordsOf } from "./clean.ts";
import { isContentWord } from "./function-words.ts";

const opening = /^(?:and|or|but|then|so|what about|how about|what if|also)\b[\s,]*/i;
const refersBack = /\b(?:it|its|that|this|they|them|those|these|there|one|ones|he|she|him|her)\b/i;

/** Whether a question may need the one before to be understood: `and for children?`, `what does it cost?`. */
export function isFollowUp(question: string): boolean {
  const content = wordsOf(question).filter(isContentWord);
  return opening.test(question) || (content.length <= 4 && refersBack.test(question));
}

/** A follow-up with the question that it follows, as one text. */
export function joinFollowUp(before: string, question: string): string {
  return `${before.replace(/[\s?.!]+$/, "")} ${question.replace(opening, "")}`;
}
