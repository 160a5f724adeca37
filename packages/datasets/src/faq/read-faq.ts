import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";
import { LeftOut } from "../notes.ts";
import { TextFile } from "../text-files/text-file.ts";
import { twoColumns } from "../text-files/two-columns.ts";
import type { Faq, FaqEntry } from "./faq.ts";
import { joinEntries } from "./join-entries.ts";
import { markdownEntries } from "./markdown.ts";

/** What separates the wordings of a question in a field. */
const separator = "|";

/** The usual names of the columns. */
export const faqNames = [
  ["question", "questions", "q", "title"],
  ["answer", "answers", "a", "response", "reply"],
] as const;

/**
 * Reads questions with answers: a table with the columns `question` and `answer` (CSV, TSV, semicolons; a header may
 * be missing if there are no others), JSON lines, a JSON list, or Markdown, whose headings are the questions. A
 * question may have several wordings: separated by `|`, as a JSON list, or as several rows with one answer.
 * UTF-8 or UTF-16, plain or gzip. Rows that cannot be used are left out, with a warning, as are questions that stand
 * there twice; with different answers, the first counts.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED; BAD_DATA, naming file, line and remedy, if it is not text, a
 *   column is missing, most rows cannot be used, or there are none
 */
export async function readFaq(file: string): Promise<Faq> {
  const text = await TextFile.open(file, "questions and answers");
  try {
    const isMarkdown = /\.(md|markdown|mdown)(\.gz)?$/i.test(file);
    const source = isMarkdown ? await markdownSource(text) : tableSource(text);
    const entries: FaqEntry[] = [];
    for await (const entry of source.entries) {
      const fault = faultOf(entry);
      if (fault === undefined) entries.push(entry);
      else source.leftOut.add(entry.line, fault);
    }
    const { pairs, warnings } = joinEntries(entries, file);
    const all = [
      ...source.warnings,
      ...source.leftOut.warnings(entries.length),
      ...warnings,
      ...text.warnings,
    ];
    if (pairs.length > 0) return { pairs, warnings: all };
    const remedy = isMarkdown
      ? "write each question as a heading (## How do I ...?) with its answer below"
      : "write a row with a question and an answer for each";
    throw new AttendError("BAD_DATA", `${file} has no question with an answer; ${remedy}`);
  } finally {
    await text.close();
  }
}

async function markdownSource(text: TextFile) {
  const leftOut = new LeftOut(text.file, "line");
  const found = await markdownEntries(text.lines());
  const entries = found.map((entry) => ({ ...entry, questions: wordings(entry.questions) }));
  return { entries, leftOut, warnings: [] };
}

function tableSource(text: TextFile) {
  const { rows, leftOut, warnings } = twoColumns(text, faqNames);
  async function* entries(): AsyncGenerator<FaqEntry> {
    for await (const { texts, line } of rows) {
      const [questions, answers] = texts;
      yield { questions: wordings(questions), answer: answers.join("\n").trim(), line };
    }
  }
  return { entries: entries(), leftOut, warnings };
}

function wordings(fields: readonly string[]): string[] {
  return fields
    .flatMap((field) => field.split(separator))
    .map((wording) => wording.replace(/\s+/g, " ").trim())
    .filter((wording) => wording !== "");
}

function faultOf({ questions, answer }: FaqEntry) {
  const remove = "or remove the row";
  if ([...questions, answer].some((text) => text.includes("\uFFFD"))) {
    return { what: "not UTF-8", remedy: "save the file as UTF-8" };
  }
  if (questions.length === 0) return { what: "no question", remedy: `write it ${remove}` };
  const wordless = questions.find((each) => !/[\p{L}\p{N}]/u.test(each));
  if (wordless !== undefined) {
    return { what: `${quoted(wordless)} is no question`, remedy: `write one ${remove}` };
  }
  return answer === "" ? { what: "no answer", remedy: `write one ${remove}` } : undefined;
}
