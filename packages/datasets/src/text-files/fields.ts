import type { LinesAhead, TextLine } from "./lines-ahead.ts";

/** A quoted row longer than this has a quote that is never closed. */
const maxRowLines = 200;
const maxRowLength = 2 ** 16;

/** The fields of a row, or why there are none. */
export type Fields =
  | {
      readonly fields: string[];
      /** Whether an unquoted field contains quotes. */
      readonly innerQuotes?: boolean;
      readonly fault?: never;
    }
  | { readonly fields?: never; readonly innerQuotes?: never; readonly fault: string };

export interface RowShape {
  readonly delimiter: string;
  /** The number of fields per row, if known. */
  readonly count?: number | undefined;
  /** Whether a line certainly begins a row, so that no quote can extend into it. */
  readonly beginsRow?: ((text: string) => boolean) | undefined;
}

/**
 * The fields of the row that begins at `first`; consumes the lines that it extends over. Between commas
 * and semicolons, quotes are as in RFC 4180. Files with tabs and bars have no quoting: their quotes are
 * text, unless a field is completely in quotes, with inner ones doubled, as spreadsheets write it.
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
  for (let extra = 0; ; extra++) {
    if (parsed !== "open") {
      if (!("fault" in parsed)) lines.skip(extra);
      return parsed;
    }
    const next = await lines.peek(extra);
    if (next === undefined || extra >= maxRowLines || text.length > maxRowLength) break;
    if (shape.beginsRow?.(next.text)) break;
    text += `\n${next.text}`;
    if (next.text.includes('"')) parsed = parseRow(text, shape.delimiter);
  }
  return { fault: "a quote that is never closed" };
}

/** Parses one row. A CSV library would lose all rows after a stray quote. */
function parseRow(text: string, delimiter: string): Fields | "open" {
  const fields: string[] = [];
  let innerQuotes = false;
  for (let at = 0; ; at++) {
    while (text[at] === " ") at++;
    let end = text.indexOf(delimiter, at);
    if (end === -1) end = text.length;
    if (text[at] === '"') {
      quoted.lastIndex = at;
      const content = quoted.exec(text)?.[1];
      if (content === undefined) return "open";
      end = quoted.lastIndex;
      if (end < text.length && text[end] !== delimiter) return { fault: "a broken quote" };
      fields.push(content.replaceAll('""', '"'));
    } else {
      const field = text.slice(at, end).trim();
      innerQuotes ||= field.includes('"');
      fields.push(field);
    }
    if (end === text.length) return { fields, innerQuotes };
    at = end;
  }
}

const quoted = /"([^"]*(?:""[^"]*)*)"(?!") */y;

function plainFields(text: string, { delimiter }: RowShape): string[] {
  return text.split(delimiter).map((field) => field.trim());
}

function withoutQuotes(field: string): string {
  return /^"(?:[^"]|"")*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;
}
