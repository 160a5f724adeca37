import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";

/** The columns of a table that contain the pairs: numbers from 1, or names in its first row. */
export interface Columns {
  readonly source: number | string;
  readonly target: number | string;
}

/** Common column names of a header; the caller adds names of languages. */
const usualNames = [
  ...["source", "target", "src", "trg", "tgt", "text", "sentence", "translation"],
  ...["from", "to", "input", "output", "original"],
];

export interface ColumnOptions {
  readonly file: string;
  readonly columns: Columns | undefined;
  /** Additional column names of a header. */
  readonly headers: readonly string[];
  readonly note: (line: number, what: string) => void;
}

/**
 * Picks the two columns of a table's rows, which must come in order. A header is left out.
 *
 * @returns a function that returns undefined for a header
 */
export function columnPicker(
  options: ColumnOptions,
): (fields: readonly string[], line: number) => { source: string; target: string } | undefined {
  const { file, columns, note } = options;
  checkNumbers(file, columns);
  const names = new Set([...usualNames, ...options.headers].map(plain));
  let indices: { source: number; target: number } | undefined;
  return (fields, line) => {
    const isFirst = indices === undefined;
    indices ??= findColumns(fields, line, options);
    const [source, target] = [fields[indices.source], fields[indices.target]];
    if (source === undefined || target === undefined) {
      const message = `${file} line ${line} has ${fields.length === 1 ? "one column" : `${fields.length} columns`}, but column ${Math.max(indices.source, indices.target) + 1} is needed; separate columns by ${separatorNames(file)}, or choose others`;
      throw new AttendError("BAD_DATA", message);
    }
    if (isFirst && (isNamed(columns) || [source, target].every((name) => names.has(plain(name))))) {
      note(line, "left out, it names the columns");
      return undefined;
    }
    if (columns === undefined && widthOf(fields) > 2)
      note(line, "has more than two columns; the first two are used");
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
    const maxShown = 12;
    const shown = fields
      .slice(0, Math.min(width, maxShown))
      .map((field, i) => `${i + 1} ${quoted(field, 20)}`);
    if (width > maxShown) shown.push("...");
    // Suggest columns with letters: numbers and dates are not sentences.
    const [source = 1, target = 2] = [...fields.keys()]
      .filter((i) => /\p{L}/u.test(fields[i] ?? ""))
      .map((i) => i + 1);
    const message = `${file} has ${width} columns (line ${line}: ${shown.join(", ")}); choose source and target, such as --columns ${source},${target}`;
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

/** Spreadsheets may add empty columns at the end of rows. */
function widthOf(fields: readonly string[]): number {
  return fields.findLastIndex((field) => field.trim() !== "") + 1;
}

const plain = (name: string) => name.trim().toLowerCase();

const separatorNames = (file: string) => (/\.csv(\.gz)?$/i.test(file) ? "commas" : "tabs");

function checkNumbers(file: string, columns: Columns | undefined): void {
  for (const [side, column] of Object.entries(columns ?? {})) {
    if (typeof column === "string" || (Number.isInteger(column) && column >= 1)) continue;
    const message = `the ${side} column of ${file} is ${column}; give a number of at least 1, or a name`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
}
