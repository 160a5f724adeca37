/** A question and its answer, as their author wrote them. */
export interface FaqPair {
  /** The wordings of the question, each on one line; at least one. */
  readonly questions: readonly string[];
  /** The line (from 1) of each wording; in a JSON document, the number of its entry. */
  readonly lines: readonly number[];
  /** Word for word, with line breaks, Markdown and HTML. */
  readonly answer: string;
}

/** The result of `readFaq`, in the order of the file. */
export interface Faq {
  readonly pairs: readonly FaqPair[];
  /** Problems that did not prevent reading the file, one line each. */
  readonly warnings: readonly string[];
}

/** An entry of a file, before entries with one answer are joined. */
export interface FaqEntry {
  readonly questions: readonly string[];
  readonly answer: string;
  readonly line: number;
}
