import { systemCodeOf } from "@attend/runtime/errors";
import { parse } from "csv-parse/sync";
import type { LinesAhead } from "./lines-ahead.ts";
import type { TextLine } from "./text-file.ts";

/** A row in quotes that goes on for longer than this comes of a quote that is never closed. */
const maxRowLines = 200;
const maxRowLength = 2 ** 16;

/** The fields of a row, or why there are none. */
export type Fields =
  | {
      readonly fields: string[];
      /** Marks that stand inside a field which is not in quotes. */
      readonly innerQuotes?: boolean;
      readonly fault?: never;
    }
  | { readonly fields?: never; readonly innerQuotes?: never; readonly fault: string };

export interface RowShape {
  readonly delimiter: string;
  /** How many fields a row has, where that is known. */
  readonly count?: number | undefined;
  /** Whether a line is surely the beginning of a row, so that no quote goes on through it. */
  readonly beginsRow?: ((text: string) => boolean) | undefined;
}

/**
 * The fields of the row that begins at `first`; the further lines that it goes on through are taken.
 * Between commas and semicolons, quotes are as in RFC 4180. Tabs and bars stand in files without quoting:
 * there quotes are text, unless a field is in quotes as a spreadsheet writes it, those inside doubled.
 */
export function readFields(first: TextLine, lines: LinesAhead, shape: RowShape): Promise<Fields> {
  const { text } = first;
  if (!text.includes('"')) return Promise.resolve({ fields: plainFields(text, shape) });
  return /[,;]/.test(shape.delimiter)
    ? readQuoted(first, lines, shape)
    : readUnquoted(first, lines, shape);
}

async function readUnquoted(first: TextLine, lines: LinesAhead, shape: RowShape): Promise<Fields> {
  const fields = plainFields(first.text, shape);
  const isOpen = /^"(?:[^"]|"")*$/.test(fields.at(-1) ?? "");
  if (isOpen || (shape.count !== undefined && fields.length !== shape.count)) {
    const read = await readQuoted(first, lines, shape);
    if (read.fields?.length === shape.count) return read;
  }
  return { fields: fields.map(withoutQuotes) };
}

async function readQuoted(first: TextLine, lines: LinesAhead, shape: RowShape): Promise<Fields> {
  let { text } = first;
  let parsed = parseRow(text, shape.delimiter);
  for (let taken = 0; ; taken++) {
    if (parsed !== "open") {
      if (!("fault" in parsed)) lines.skip(taken);
      return parsed;
    }
    const next = await lines.peek(taken);
    if (next === undefined || taken >= maxRowLines || text.length > maxRowLength) break;
    if (shape.beginsRow?.(next.text)) break;
    text += `\n${next.text}`;
    if (next.text.includes('"')) parsed = parseRow(text, shape.delimiter);
  }
  return { fault: "a quote that is never closed" };
}

function parseRow(text: string, delimiter: string): Fields | "open" {
  for (const relaxed of [false, true]) {
    try {
      const rows: string[][] = parse(text, {
        delimiter,
        trim: true,
        relax_column_count: true,
        relax_quotes: relaxed,
      });
      const [fields] = rows;
      if (fields === undefined || rows.length > 1) break;
      return { fields, innerQuotes: relaxed };
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      if (code === "CSV_QUOTE_NOT_CLOSED") return "open";
      if (code !== "INVALID_OPENING_QUOTE") break;
    }
  }
  return { fault: "a broken quote" };
}

function plainFields(text: string, { delimiter }: RowShape): string[] {
  return text.split(delimiter).map((field) => field.trim());
}

function withoutQuotes(field: string): string {
  return /^"(?:[^"]|"")*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;
}
