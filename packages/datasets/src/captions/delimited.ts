import { pipeline, Readable } from "node:stream";
import { AttendError, messageOf, systemCodeOf } from "@attend/runtime/errors";
import { CsvError, type Info, parse } from "csv-parse";
import { type CaptionColumns, type CaptionRow, chooseColumns, type RowSource } from "./rows.ts";
import { readText } from "./text-file.ts";

/** A row longer than this comes of a quote that is never closed. */
const maxRowBytes = 2 ** 16;

/**
 * Comma-, tab-, semicolon- or bar-separated rows under a header, quoted as in RFC 4180. Streamed.
 *
 * @param header the file's first line, from which the separator is told
 */
export function delimitedSource(file: string, header: string, columns: CaptionColumns): RowSource {
  return { unit: "line", rows: readRows(file, separatorOf(header), columns), warnings: [] };
}

interface Row {
  readonly record: string[];
  readonly info: Info;
}

async function* readRows(
  file: string,
  delimiter: string,
  columns: CaptionColumns,
): AsyncGenerator<CaptionRow> {
  let lastLine = 0;
  const parser = parse({
    delimiter,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxRowBytes,
    info: true,
    on_record: (record, { lines }) => {
      lastLine = lines;
      return record;
    },
  });
  pipeline(Readable.from(readText(file)), parser, () => {}); // the loop below gets the error
  const rows: AsyncIterable<Row> = parser;
  let header: { names: string[]; image: number; caption: number } | undefined;
  try {
    for await (const { record: fields, info } of rows) {
      // The parser knows where a row ends; one with line breaks in quotes began before.
      const line = info.lines - fields.join("").split("\n").length + 1;
      if (header === undefined) {
        const names = chooseColumns(fields, columns, `${file} line ${line}`);
        const [image, caption] = [fields.indexOf(names.image), fields.indexOf(names.caption)];
        header = { names: fields, image, caption };
        continue;
      }
      if (fields.length !== header.names.length) {
        throw fieldCountError(`${file} line ${line}`, fields.length, header.names, delimiter);
      }
      yield { image: fields[header.image] ?? "", caption: fields[header.caption] ?? "", line };
    }
  } catch (thrown) {
    throw thrown instanceof CsvError ? quoteError(file, lastLine + 1, thrown) : thrown;
  }
}

function separatorOf(header: string): string {
  const count = (separator: string) => header.split(separator).length;
  return [",", "\t", ";", "|"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function fieldCountError(place: string, fields: number, names: string[], delimiter: string) {
  const separator = delimiter === "\t" ? "tab" : JSON.stringify(delimiter);
  const message = `${place} has ${fields} fields where the header has ${names.length} (${names.join(", ")}); put a caption that contains a ${separator} into double quotes`;
  return new AttendError("BAD_DATA", message);
}

/** Whatever else the parser complains about is a quote. */
function quoteError(file: string, line: number, cause: CsvError): AttendError {
  const remedy =
    'close the quote, and write a quote inside a caption twice, the caption in quotes: "a ""big"" dog"';
  const detail =
    systemCodeOf(cause) === "CSV_MAX_RECORD_SIZE"
      ? `more than ${maxRowBytes.toLocaleString("en")} bytes until the quote is closed`
      : messageOf(cause).replace(/\s+/g, " ");
  const message = `${file}: the row that begins at line ${line} has a broken quote (${detail}); ${remedy}`;
  return new AttendError("BAD_DATA", message, { cause });
}
