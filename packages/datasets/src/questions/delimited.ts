import { AttendError } from "@attend/runtime/errors";
import { LeftOut } from "../notes.ts";
import { Table } from "../text-files/table.ts";
import type { TextFile } from "../text-files/text-file.ts";
import { answersOf, chooseColumns, type RawRow, type RowOptions, type RowSource } from "./rows.ts";

/** Comma-, tab-, semicolon- or bar-separated rows below a header. Streamed. */
export function delimitedSource(text: TextFile, options: RowOptions): RowSource {
  const leftOut = new LeftOut(text.file, "line");
  const warnings: string[] = [];
  async function* rows(): AsyncGenerator<RawRow> {
    const table = await Table.open(text);
    if (table === undefined) return;
    const header = table.first.fields ?? [];
    const { columns, fault } = chooseColumns(header, options);
    if (fault !== undefined) {
      const message = `${text.file} line ${table.firstLine} has ${fault.what}; ${fault.remedy}`;
      throw new AttendError("BAD_DATA", message);
    }
    const image = header.indexOf(columns.image);
    const layout = { count: header.length, hasHeader: true, image };
    for await (const { fields, line } of table.rows(layout, "question", leftOut, warnings)) {
      const field = (name: string | undefined) =>
        name === undefined ? "" : (fields[header.indexOf(name)] ?? "");
      yield {
        image: options.imageOf(field(columns.image)),
        question: field(columns.question),
        answers: answersOf(field(columns.answer), options.separator),
        ...(columns.source !== undefined && { source: field(columns.source) }),
        line,
      };
    }
  }
  return { unit: "line", rows: rows(), leftOut, warnings };
}
