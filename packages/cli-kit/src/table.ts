import { writeLine } from "./output.ts";

/** A row by column name; a table has the columns of all its rows, in order of first use. */
export type Row = Readonly<Record<string, string | number>>;

/** Aligned columns with two spaces between, numbers right-aligned; no trailing newline. */
export function formatTable(rows: readonly Row[]): string {
  return layOut(rows)
    .map((cells) => cells.join("  ").trimEnd())
    .join("\n");
}

/** Writes {@link formatTable} of the rows to stdout. */
export function printTable(rows: readonly Row[]): Promise<void> {
  return writeLine(formatTable(rows));
}

/** Header and rows, each cell padded to its column's width. */
function layOut(rows: readonly Row[]): string[][] {
  const columns = columnsOf(rows).map((name) => {
    const cells = [name, ...rows.map((row) => String(row[name] ?? ""))];
    const width = Math.max(...cells.map((cell) => cell.length), 3);
    return cells.map((cell) => (isNumeric(rows, name) ? cell.padStart(width) : cell.padEnd(width)));
  });
  return Array.from({ length: rows.length + 1 }, (_, i) => columns.map((cells) => cells[i] ?? ""));
}

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function isNumeric(rows: readonly Row[], name: string): boolean {
  return rows.every((row) => row[name] === undefined || typeof row[name] === "number");
}
