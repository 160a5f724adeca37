import { AttendError } from "@attend/runtime/errors";
import { TextFile } from "../text-files/text-file.ts";
import { twoColumns } from "../text-files/two-columns.ts";
import { faqNames } from "./read-faq.ts";

/** A question to test a FAQ bot with. */
export interface FaqQuestion {
  /** With whitespace collapsed. */
  readonly question: string;
  /** Its answer, or a wording of the question that has it; undefined if there is none. */
  readonly answer?: string;
  /** The line (from 1); in a JSON document, the number of its entry. */
  readonly line: number;
}

/**
 * Reads questions to test a FAQ bot with: in the formats of `readFaq`'s tables, in which an empty answer means that there
 * is none; or one question per line, none of which has an answer.
 *
 * @returns also problems that did not prevent reading the file, one line each
 * @throws AttendError like `readFaq`
 */
export async function readFaqQuestions(
  file: string,
): Promise<{ questions: readonly FaqQuestion[]; warnings: readonly string[] }> {
  const text = await TextFile.open(file, "questions");
  try {
    const { rows, warnings } = isList(text) ? listed(text) : table(text);
    const questions: FaqQuestion[] = [];
    for await (const row of rows) {
      if (/[\p{L}\p{N}]/u.test(row.question)) questions.push(row);
    }
    const all = [...warnings(questions.length), ...text.warnings];
    if (questions.length > 0) return { questions, warnings: all };
    throw new AttendError("BAD_DATA", `${file} has no question; write one per line`);
  } finally {
    await text.close();
  }
}

/** Whether a file has one question per line: neither JSON nor a table. */
function isList({ file, head }: TextFile): boolean {
  const [first = ""] = head.trimStart().split("\n", 1);
  return !/\.(csv|jsonl?|ndjson)(\.gz)?$/i.test(file) && !/^[[{]|\t/.test(first);
}

function listed(text: TextFile) {
  async function* rows(): AsyncGenerator<FaqQuestion> {
    for await (const { text: question, line } of text.lines()) {
      yield { question: collapsed(question), line };
    }
  }
  return { rows: rows(), warnings: (): string[] => [] };
}

function table(text: TextFile) {
  const source = twoColumns(text, faqNames);
  async function* rows(): AsyncGenerator<FaqQuestion> {
    for await (const { texts, line } of source.rows) {
      const [question, answer] = texts.map((each) => each.join("\n").trim());
      if (question === undefined) continue;
      yield { question: collapsed(question), ...(answer ? { answer } : {}), line };
    }
  }
  const warnings = (used: number) => [...source.warnings, ...source.leftOut.warnings(used)];
  return { rows: rows(), warnings };
}

function collapsed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
