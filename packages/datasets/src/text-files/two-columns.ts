import { parseJson, tryParseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { findColumn } from "../columns.ts";
import { quoted } from "../name-some.ts";
import { type Fault, LeftOut } from "../notes.ts";
import { Table } from "./table.ts";
import type { TextFile } from "./text-file.ts";

/** A column of text: its usual names, the one to recommend first. */
export type ColumnNames = readonly [string, ...string[]];

/** The texts of the two columns in a row: several if JSON has a list. */
interface TwoTexts {
  readonly texts: readonly [readonly string[], readonly string[]];
  readonly line: number;
}

/** Rows with two texts each, from an open file. Streamed. */
export interface TwoColumns {
  readonly rows: AsyncIterable<TwoTexts>;
  /** Collects rows that cannot be used while the others are read. */
  readonly leftOut: LeftOut;
  readonly warnings: readonly string[];
}

/** Reads a table (CSV, TSV, semicolons, bars; with a header, or of two columns without one), JSON lines or JSON. */
export function twoColumns(text: TextFile, names: readonly [ColumnNames, ColumnNames]): TwoColumns {
  const head = text.head.trimStart();
  if (head.startsWith("[")) return jsonDocument(text, names);
  const isJson = /\.(jsonl|ndjson)(\.gz)?$/i.test(text.file) || head.startsWith("{");
  return isJson ? jsonLines(text, names) : table(text, names);
}

type Names = readonly [ColumnNames, ColumnNames];

function table(text: TextFile, names: Names): TwoColumns {
  const leftOut = new LeftOut(text.file, "line");
  const warnings: string[] = [];
  async function* rows(): AsyncGenerator<TwoTexts> {
    const open = await Table.open(text, separatorsOf(text));
    if (open === undefined) return;
    const fields = open.first.fields ?? [];
    const found = columnsIn(fields, names);
    const hasHeader = found.known > 0;
    if (hasHeader ? found.columns === undefined : fields.length !== 2) {
      const message = `${text.file} line ${open.firstLine} has ${found.fault.what}; ${found.fault.remedy}`;
      throw new AttendError("BAD_DATA", message);
    }
    const [first, second] = (found.columns ?? fields).map((name) => fields.indexOf(name));
    const at = hasHeader ? ([first, second] as const) : ([0, 1] as const);
    // No column names a file.
    const layout = { count: fields.length, hasHeader, image: -1 };
    const content = names[1][0];
    for await (const { fields: row, line } of open.rows(layout, content, leftOut, warnings)) {
      yield { texts: [[row[at[0] ?? 0] ?? ""], [row[at[1] ?? 1] ?? ""]], line };
    }
  }
  return { rows: rows(), leftOut, warnings };
}

/** Sentences have commas of their own, and wordings of a question are separated by bars. */
function separatorsOf({ file, head }: TextFile): string[] {
  const [first = ""] = head.trimStart().split("\n", 1);
  const isCsv = /\.csv(\.gz)?$/i.test(file);
  return !isCsv && first.includes("\t") ? ["\t"] : [",", ";", "\t"];
}

function jsonLines(text: TextFile, names: Names): TwoColumns {
  const leftOut = new LeftOut(text.file, "line");
  async function* rows(): AsyncGenerator<TwoTexts> {
    for await (const { text: json, line } of text.lines()) {
      if (json.trim() === "") continue;
      const value = tryParseJson(json);
      if (value === undefined) leftOut.add(line, { what: "not valid JSON", remedy: "correct it" });
      else yield* textsOf(value, line, names, leftOut);
    }
  }
  return { rows: rows(), leftOut, warnings: [] };
}

function jsonDocument(text: TextFile, names: Names): TwoColumns {
  const leftOut = new LeftOut(text.file, "entry");
  async function* rows(): AsyncGenerator<TwoTexts> {
    const document = parseJson(await text.all(), text.file, "BAD_DATA");
    const entries: readonly unknown[] = Array.isArray(document) ? document : [];
    for (const [index, value] of entries.entries()) {
      yield* textsOf(value, index + 1, names, leftOut);
    }
  }
  return { rows: rows(), leftOut, warnings: [] };
}

const recordSchema = z.record(z.string(), z.unknown());
const textsSchema = z.union([
  z.string().transform((text) => [text]),
  z.number().transform((number) => [String(number)]),
  z.array(z.string()),
]);

function textsOf(value: unknown, line: number, names: Names, leftOut: LeftOut): TwoTexts[] {
  const record = recordSchema.safeParse(value).data;
  const [[first], [second]] = names;
  if (record === undefined) {
    const remedy = `write {"${first}": "...", "${second}": "..."}`;
    leftOut.add(line, { what: "not a JSON object", remedy });
    return [];
  }
  const { columns, fault } = columnsIn(Object.keys(record), names);
  if (columns === undefined) {
    leftOut.add(line, fault);
    return [];
  }
  const texts = columns.map((name) => textsSchema.safeParse(record[name]).data);
  const [a, b] = texts;
  if (a !== undefined && b !== undefined) return [{ texts: [a, b], line }];
  const faulty = columns[a === undefined ? 0 : 1];
  leftOut.add(line, { what: `${quoted(faulty)} is not a text`, remedy: "correct it" });
  return [];
}

/** Finds both columns, or says which is missing; `known` is the number of those found. */
function columnsIn(present: readonly string[], names: Names) {
  const [a, b] = names.map((usual) => findColumn(present, undefined, usual));
  const known = [a, b].filter((name) => name !== undefined).length;
  const [[first], [second]] = names;
  const shown = present.slice(0, 12).map((name) => quoted(name, 20));
  const fault: Fault = {
    what: `no column ${quoted(a === undefined ? first : second)}, only ${shown.join(", ") || "nothing"}`,
    remedy: `name the columns ${first} and ${second}`,
  };
  const columns = a === undefined || b === undefined ? undefined : ([a, b] as const);
  return { columns, known, fault };
}
