import { AttendError } from "@attend/runtime/errors";
import { TextFile } from "../text-files/text-file.ts";
import { twoColumns } from "../text-files/two-columns.ts";

/** What someone may say, and what they intend by it. */
export interface LabeledText {
  /** With whitespace collapsed. */
  readonly text: string;
  readonly intent: string;
  /** The line (from 1); in a JSON document, the number of its entry. */
  readonly line: number;
}

const names = [
  ["text", "utterance", "sentence", "query", "question", "example"],
  ["intent", "label", "category", "class"],
] as const;

/**
 * Reads examples of intents: a table with the columns `text` and `intent` (a header may be missing if there are no
 * others), JSON lines or a JSON list. UTF-8 or UTF-16, plain or gzip. Rows that cannot be used are left out.
 *
 * @returns also problems that did not prevent reading the file, one line each
 * @throws AttendError like `readFaq`
 */
export async function readLabeledTexts(
  file: string,
): Promise<{ examples: readonly LabeledText[]; warnings: readonly string[] }> {
  const text = await TextFile.open(file, "texts with intents");
  try {
    const { rows, leftOut, warnings } = twoColumns(text, names);
    const examples: LabeledText[] = [];
    for await (const { texts, line } of rows) {
      const [words, intent] = texts.map((each) => each.join(" ").replace(/\s+/g, " ").trim());
      if (words === undefined || words === "") {
        leftOut.add(line, { what: "no text", remedy: "write it or remove the row" });
      } else if (intent === undefined || intent === "") {
        leftOut.add(line, { what: "no intent", remedy: "write one or remove the row" });
      } else examples.push({ text: words, intent, line });
    }
    const all = [...warnings, ...leftOut.warnings(examples.length), ...text.warnings];
    if (examples.length > 0) return { examples, warnings: all };
    const message = `${file} has no text with an intent; write a row with both for each example`;
    throw new AttendError("BAD_DATA", message);
  } finally {
    await text.close();
  }
}
