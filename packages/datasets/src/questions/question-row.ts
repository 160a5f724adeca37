/** A question about a photo, with the answers that people gave. */
export interface QuestionRow {
  /** The photo's name in its file; with a folder of photos, its path below the folder, with `/`. */
  readonly image: string;
  /** The photo's absolute path, if a folder of photos is given. */
  readonly photo?: string;
  /** With whitespace collapsed; not empty, unless there is a fault. */
  readonly question: string;
  /** As people gave them, in order, with whitespace collapsed; empty only if answers are optional. */
  readonly answers: readonly string[];
  /** Where it comes from, as its file says: `vqa2-val`, `coco-qa-color`, ... */
  readonly source?: string;
  /** The question's first words, as VQA v2 groups them: `what color is the`, ... */
  readonly questionType?: string;
  /** `yes/no`, `number` or `other`, as VQA v2 says; else see `answerType`. */
  readonly answerType?: string;
  /** Why the row cannot be used, with its line and the remedy; only if such rows are kept. */
  readonly fault?: string;
  readonly file: string;
  /** The line (from 1) where its row begins; in a JSON document, the number of its entry. */
  readonly line: number;
}

/** The result of `readQuestions`, in the order of the files. */
export interface QuestionSet {
  readonly rows: readonly QuestionRow[];
  /** Problems that did not prevent reading the files, one line each. */
  readonly warnings: readonly string[];
}
