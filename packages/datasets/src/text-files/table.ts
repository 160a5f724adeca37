import { nameSome, quoted } from "../name-some.ts";
import type { LeftOut } from "../notes.ts";
import { type Fields, type RowShape, readFields } from "./fields.ts";
import { LinesAhead, type TextLine } from "./lines-ahead.ts";
import type { TextFile } from "./text-file.ts";

/** How the rows of a table are read once its columns are known. */
export interface TableLayout {
  /** The number of fields per row. */
  readonly count: number;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
  /** The column of the photo's name. */
  readonly image: number;
}

/** A comma-, tab-, semicolon- or bar-separated table, with its first row read ahead. Streamed. */
export class Table {
  readonly first: Fields;
  readonly firstLine: number;
  readonly #file: string;
  readonly #delimiter: string;
  readonly #lines: LinesAhead;

  private constructor(
    file: string,
    lines: LinesAhead,
    delimiter: string,
    first: Fields,
    line: number,
  ) {
    this.first = first;
    this.firstLine = line;
    this.#file = file;
    this.#delimiter = delimiter;
    this.#lines = lines;
  }

  /**
   * @param separators those to choose from by the first row
   * @returns undefined if the file has no row
   */
  static async open(
    text: TextFile,
    separators = [",", "\t", ";", "|"],
  ): Promise<Table | undefined> {
    const lines = new LinesAhead(text.lines());
    const chosen = await lines.separator();
    const first = await lines.next();
    if (first === undefined) return undefined;
    const delimiter = chosen ?? separatorOf(first.text, separators);
    const fields = await readFields(first, lines, { delimiter });
    return new Table(text.file, lines, delimiter, fields, first.line);
  }

  /**
   * The rows, except a header.
   *
   * @param content what a row is about, for messages: `caption`
   * @param leftOut collects rows that cannot be read
   * @param warnings gets a warning about quotes within fields
   */
  async *rows(
    layout: TableLayout,
    content: string,
    leftOut: LeftOut,
    warnings: string[],
  ): AsyncGenerator<{ fields: readonly string[]; line: number }> {
    const { count, hasHeader } = layout;
    const shape: RowShape = {
      delimiter: this.#delimiter,
      count,
      beginsRow: rowsBegin(layout, this.#delimiter),
    };
    const innerQuotes: number[] = [];
    let row: TextLine | undefined = { text: "", line: this.firstLine };
    let read: Fields | undefined = this.first;
    if (hasHeader) [row, read] = [await this.#lines.next(), undefined];
    while (row !== undefined) {
      const { line } = row;
      const {
        fields,
        fault,
        innerQuotes: inner,
      } = read ?? (await readFields(row, this.#lines, shape));
      if (fault !== undefined) {
        const remedy = `close the quote; put a ${content} with quotes in quotes, and double those inside: "a ""big"" dog"`;
        leftOut.add(line, { what: fault, remedy });
      } else if (hasCount(fields, count)) {
        if (inner) innerQuotes.push(line);
        yield { fields, line };
      } else leftOut.add(line, this.#countFault(layout, content));
      read = undefined;
      row = await this.#lines.next();
    }
    if (innerQuotes.length > 0) {
      warnings.push(
        `${this.#file} line ${nameSome(innerQuotes)}: quotes inside an unquoted field; kept as they are`,
      );
    }
  }

  #countFault({ count, hasHeader }: TableLayout, content: string) {
    const separator = this.#delimiter === "\t" ? "tab" : quoted(this.#delimiter);
    const names = (this.first.fields ?? []).map((each) => quoted(each)).join(", ");
    const known = hasHeader ? `the header (${names})` : "a file without a header";
    return {
      what: `not the ${count} fields of ${known}`,
      remedy: `put ${content}s that contain a ${separator} in double quotes`,
    };
  }
}

/** Files with a number after the photo's name have captions full of commas, and no header. */
function separatorOf(first: string, separators: readonly string[]): string {
  if (/^[^\t]+#\d+\t/.test(first)) return "\t";
  const count = (separator: string) => first.split(separator).length;
  return separators.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Recognizes a line with enough fields for a row, and a file name in the photo's. */
function rowsBegin({ count, image }: TableLayout, delimiter: string): (text: string) => boolean {
  return (text) => {
    const fields = text.split(delimiter);
    return (
      fields.length >= count && /^\s*"?[^"]*\.\w{2,5}(?:#\d+)?"?\s*$/.test(fields[image] ?? "")
    );
  };
}

/** Spreadsheets may add empty fields at the end of rows. */
function hasCount(fields: readonly string[], count: number): boolean {
  return fields.length >= count && fields.slice(count).every((field) => field === "");
}
