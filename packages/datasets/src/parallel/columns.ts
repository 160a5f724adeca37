import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";

/** Which columns of a table hold the pairs: numbers from 1, or names that its first row has. */
export interface Columns {
  readonly source: number | string;
  readonly target: number | string;
}

/** What the first row calls its columns where it is a header; languages' names come from the caller. */
const usualNames = [
  ...["source", "target", "src", "trg", "tgt", "text", "sentence", "translation"],
  ...["from", "to", "input", "output", "original"],
];

export interface ColumnOptions {
  readonly file: string;
  readonly columns: Columns | undefined;
  /** What else a header may call its columns. */
  readonly headers: readonly string[];
  readonly note: (line: number, what: string) => void;
}

/**
 * Takes the two columns out of a table's rows, which come in order. A first row that only names them is
 * left out.
 *
 * @returns gives undefined for that row
 */
export function columnPicker(
  options: ColumnOptions,
): (fields: readonly string[], line: number) => { source: string; target: string } | undefined {
  const { file, columns, note } = options;
  checkNumbers(file, columns);
  const names = new Set([...usualNames, ...options.headers].map(plain));
  let places: { source: number; target: number } | undefined;
  return (fields, line) => {
    const isFirst = places === undefined;
    places ??= findColumns(fields, line, options);
    const [source, target] = [fields[places.source], fields[places.target]];
    if (source === undefined || target === undefined) {
      const message = `${file} line ${line} has ${fields.length === 1 ? "one column" : `${fields.length} columns`}, and column ${Math.max(places.source, places.target) + 1} is asked for; part columns by ${separatorNames(file)}, or choose others`;
      throw new AttendError("BAD_DATA", message);
    }
    if (isFirst && (isNamed(columns) || [source, target].every((name) => names.has(plain(name))))) {
      note(line, "left out, it names the columns");
      return undefined;
    }
    if (columns === undefined && widthOf(fields) > 2)
      note(line, "has more than two columns; the first two are taken");
    return { source, target };
  };
}

function findColumns(
  fields: readonly string[],
  line: number,
  { file, columns }: ColumnOptions,
): { source: number; target: number } {
  if (columns === undefined) {
    const width = widthOf(fields);
    if (width <= 2) return { source: 0, target: 1 };
    const most = 12;
    const shown = fields
      .slice(0, Math.min(width, most))
      .map((field, i) => `${i + 1} ${quoted(field, 20)}`);
    if (width > most) shown.push("...");
    // Numbers and dates are no sentences.
    const [source = 1, target = 2] = [...fields.keys()]
      .filter((i) => /\p{L}/u.test(fields[i] ?? ""))
      .map((i) => i + 1);
    const message = `${file} has ${width} columns (line ${line}: ${shown.join(", ")}); say which two are source and target, such as --columns ${source},${target}`;
    throw new AttendError("BAD_DATA", message);
  }
  const find = (column: number | string) => {
    if (typeof column === "number") return column - 1;
    const at = fields.findIndex((field) => plain(field) === plain(column));
    if (at >= 0) return at;
    const present = fields.slice(0, 12).map((field) => quoted(field, 20));
    const message = `${file} line ${line} names no column ${quoted(column)}, only ${present.join(", ")}; choose columns by the names of the first row, or by numbers`;
    throw new AttendError("BAD_DATA", message);
  };
  return { source: find(columns.source), target: find(columns.target) };
}

function isNamed(columns: Columns | undefined): boolean {
  return typeof columns?.source === "string" || typeof columns?.target === "string";
}

/** Spreadsheets end rows with empty columns. */
function widthOf(fields: readonly string[]): number {
  return fields.findLastIndex((field) => field.trim() !== "") + 1;
}

const plain = (name: string) => name.trim().toLowerCase();

const separatorNames = (file: string) => (/\.csv(\.gz)?$/i.test(file) ? "commas" : "tabs");

function checkNumbers(file: string, columns: Columns | undefined): void {
  for (const [side, column] of Object.entries(columns ?? {})) {
    if (typeof column === "string" || (Number.isInteger(column) && column >= 1)) continue;
    const message = `columns are numbered from 1, but ${column} was given for the ${side} of ${file}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
}
