import { AttendError } from "@attend/runtime/errors";
import { withoutControls } from "./control-characters.ts";

/** In characters (UTF-16 code units): no question that a person types is longer. */
const maxLength = 2000;

/**
 * A question as it was typed or read from a file, without terminal escapes and control characters, and with its
 * whitespace collapsed.
 *
 * @returns also whether there were such characters
 * @throws AttendError BAD_ARGUMENT if nothing is left, or too much, or it was not UTF-8
 */
export function readQuestion(text: string): { question: string; isCleaned: boolean } {
  if (text.length > maxLength) {
    const [given, most] = [text.length, maxLength].map((count) => count.toLocaleString("en"));
    const message = `the question has ${given} characters, but at most ${most} are read; ask a shorter one`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const plain = withoutControls(text);
  const question = plain.replace(/\s+/g, " ").trim();
  if (question.includes("\ufffd")) {
    const message =
      "the question has characters that are not UTF-8; set the terminal to UTF-8, or save the file as such";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!/[\p{L}\p{N}]/u.test(question)) {
    const what = question === "" ? "is empty" : `has no word, only "${question.slice(0, 20)}"`;
    throw new AttendError("BAD_ARGUMENT", `the question ${what}; ask something in words`);
  }
  return { question, isCleaned: plain !== text };
}
