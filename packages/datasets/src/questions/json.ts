import { parseJson, tryParseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { LeftOut } from "../notes.ts";
import type { TextFile } from "../text-files/text-file.ts";
import { type RawRow, type RowOptions, type RowSource, rowOfJson } from "./rows.ts";

/** One JSON object per line. Streamed. */
export function jsonLinesSource(text: TextFile, options: RowOptions): RowSource {
  const leftOut = new LeftOut(text.file, "line");
  async function* rows(): AsyncGenerator<RawRow> {
    for await (const { text: json, line } of text.lines()) {
      if (json.trim() === "") continue;
      const value = tryParseJson(json);
      if (value === undefined) leftOut.add(line, { what: "not valid JSON", remedy: "correct it" });
      else yield* rowOfJson(value, line, options, leftOut);
    }
  }
  return { unit: "line", rows: rows(), leftOut, warnings: [] };
}

/** A list of objects, or easy-VQA's list of `[question, answer, image]`. */
export async function jsonDocumentSource(text: TextFile, options: RowOptions): Promise<RowSource> {
  const document = parseJson(await text.all(), text.file, "BAD_DATA");
  if (!Array.isArray(document)) {
    const message = `${text.file} is JSON, but no list of questions; give a list of {"image", "question", "answer"}, or both files of VQA v2 (questions and annotations)`;
    throw new AttendError("BAD_DATA", message);
  }
  const entries: readonly unknown[] = document;
  const leftOut = new LeftOut(text.file, "entry");
  function* rows(): Generator<RawRow> {
    for (const [index, value] of entries.entries()) {
      yield* rowOfJson(value, index + 1, options, leftOut);
    }
  }
  return { unit: "entry", rows: rows(), leftOut, warnings: [] };
}
