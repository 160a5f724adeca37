import { AttendError } from "@attend/runtime/errors";
import { nameSome, quoted } from "../name-some.ts";
import { LeftOut } from "../notes.ts";
import { type Fields, type RowShape, readFields } from "../text-files/fields.ts";
import { LinesAhead, type TextLine } from "../text-files/lines-ahead.ts";
import { captionNumber, type PhotoFolder } from "./photo-folder.ts";
import { type CaptionColumns, type CaptionRow, chooseColumns, type RowSource } from "./rows.ts";
import type { TextFile } from "./text-file.ts";

/**
 * Comma-, tab-, semicolon- or bar-separated rows with a header, or without one if the first row names an
 * existing photo, as in Flickr8k's `name.jpg#0<tab>caption`. Streamed.
 */
export function delimitedSource(
  text: TextFile,
  columns: CaptionColumns,
  photos: PhotoFolder,
): RowSource {
  const leftOut = new LeftOut(text.file, "line");
  const warnings: string[] = [];
  return {
    unit: "line",
    rows: readRows(text, { columns, photos, leftOut, warnings }),
    leftOut,
    warnings,
  };
}

/** The columns of a file. */
interface Layout {
  /** The number of fields per row, and what it was inferred from. */
  readonly count: number;
  readonly known: string;
  readonly image: number;
  readonly caption: number;
  /** -1 if there is none. */
  readonly part: number;
}

interface Reading {
  readonly columns: CaptionColumns;
  readonly photos: PhotoFolder;
  readonly leftOut: LeftOut;
  readonly warnings: string[];
}

async function* readRows(
  text: TextFile,
  { columns, photos, leftOut, warnings }: Reading,
): AsyncGenerator<CaptionRow> {
  const lines = new LinesAhead(text.lines());
  const chosen = await lines.separator();
  const first = await lines.next();
  if (first === undefined) return;
  const delimiter = chosen ?? separatorOf(first.text);
  const header = await readFields(first, lines, { delimiter });
  const layout =
    layoutByHeader(header, columns) ??
    (await layoutByRow(header, photos)) ??
    missing(text.file, first, header, columns);
  const shape: RowShape = {
    delimiter,
    count: layout.count,
    beginsRow: rowsBegin(layout, delimiter),
  };
  const innerQuotes: number[] = [];
  const isFirstRow = layout.known !== "the header";
  let row: TextLine | undefined = isFirstRow ? first : await lines.next();
  let read = isFirstRow ? header : undefined;
  while (row !== undefined) {
    const { line } = row;
    const { fields, fault, innerQuotes: inner } = read ?? (await readFields(row, lines, shape));
    if (fault !== undefined) leftOut.add(line, { what: fault, remedy: quoteRemedy });
    else if (!hasCount(fields, layout.count))
      leftOut.add(line, countFault(layout, header, delimiter));
    else {
      if (inner) innerQuotes.push(line);
      yield {
        image: fields[layout.image] ?? "",
        caption: fields[layout.caption] ?? "",
        line,
        part: fields[layout.part],
      };
    }
    read = undefined;
    row = await lines.next();
  }
  if (innerQuotes.length > 0) {
    warnings.push(
      `${text.file} line ${nameSome(innerQuotes)}: quotes inside an unquoted field; kept as they are`,
    );
  }
}

const quoteRemedy =
  'close the quote; put a caption with quotes in quotes, and double those inside: "a ""big"" dog"';

/** Files with a number after the photo's name have captions full of commas, and no header. */
function separatorOf(first: string): string {
  if (/^[^\t]+#\d+\t/.test(first)) return "\t";
  const count = (separator: string) => first.split(separator).length;
  return [",", "\t", ";", "|"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function layoutByHeader({ fields = [] }: Fields, chosen: CaptionColumns): Layout | undefined {
  const { columns } = chooseColumns(fields, chosen);
  if (columns === undefined) return undefined;
  const at = (name: string | undefined) => (name === undefined ? -1 : fields.indexOf(name));
  const [image, caption, part] = [columns.image, columns.caption, columns.part].map(at);
  return {
    count: fields.length,
    known: "the header",
    image: image ?? 0,
    caption: caption ?? 0,
    part: part ?? -1,
  };
}

/** Without a header: an existing photo and its caption, possibly with a number between them. */
async function layoutByRow(
  { fields = [] }: Fields,
  photos: PhotoFolder,
): Promise<Layout | undefined> {
  const [image = "", middle = ""] = fields;
  const isPhoto = captionNumber.test(image) || (await photos.find(image)).isPresent;
  if (!isPhoto || fields.length < 2) return undefined;
  const count = fields.length === 3 && /^\d+$/.test(middle) ? 3 : 2;
  return { count, known: "a file without a header", image: 0, caption: count - 1, part: -1 };
}

function missing(
  file: string,
  { line }: TextLine,
  { fields = [] }: Fields,
  columns: CaptionColumns,
): never {
  const { fault } = chooseColumns(fields, columns);
  throw new AttendError("BAD_DATA", `${file} line ${line} has ${fault?.what}; ${fault?.remedy}`);
}

/** Recognizes a line with enough fields for a row, and a file name in the photo's. */
function rowsBegin({ count, image }: Layout, delimiter: string): (text: string) => boolean {
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

function countFault({ count, known }: Layout, { fields = [] }: Fields, delimiter: string) {
  const separator = delimiter === "\t" ? "tab" : quoted(delimiter);
  const names = known === "the header" ? ` (${fields.map((each) => quoted(each)).join(", ")})` : "";
  return {
    what: `not the ${count} fields of ${known}${names}`,
    remedy: `put captions that contain a ${separator} in double quotes`,
  };
}
