import { AttendError } from "@attend/runtime/errors";
import { LeftOut } from "../notes.ts";
import { captionNumber, type PhotoFolder } from "../photo-folder.ts";
import type { Fields } from "../text-files/fields.ts";
import { Table, type TableLayout } from "../text-files/table.ts";
import type { TextFile } from "../text-files/text-file.ts";
import { type CaptionColumns, type CaptionRow, chooseColumns, type RowSource } from "./rows.ts";

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
  async function* rows(): AsyncGenerator<CaptionRow> {
    const table = await Table.open(text);
    if (table === undefined) return;
    const layout =
      layoutByHeader(table.first, columns) ??
      (await layoutByRow(table.first, photos)) ??
      missing(text.file, table, columns);
    for await (const { fields, line } of table.rows(layout, "caption", leftOut, warnings)) {
      yield {
        image: fields[layout.image] ?? "",
        caption: fields[layout.caption] ?? "",
        line,
        part: fields[layout.part],
      };
    }
  }
  return { unit: "line", rows: rows(), leftOut, warnings };
}

/** The columns of a file. */
interface Layout extends TableLayout {
  readonly caption: number;
  /** -1 if there is none. */
  readonly part: number;
}

function layoutByHeader({ fields = [] }: Fields, chosen: CaptionColumns): Layout | undefined {
  const { columns } = chooseColumns(fields, chosen);
  if (columns === undefined) return undefined;
  const at = (name: string | undefined) => (name === undefined ? -1 : fields.indexOf(name));
  return {
    count: fields.length,
    hasHeader: true,
    image: at(columns.image),
    caption: at(columns.caption),
    part: at(columns.part),
  };
}

/** Without a header: an existing photo and its caption, possibly with a number between them. */
async function layoutByRow(
  { fields = [] }: Fields,
  photos: PhotoFolder,
): Promise<Layout | undefined> {
  const [image = "", middle = ""] = fields;
  const isFound = async () =>
    photos.isChecked ? (await photos.find(image)).isPresent : /\.\w{2,5}$/.test(image);
  const isPhoto = captionNumber.test(image) || (await isFound());
  if (!isPhoto || fields.length < 2) return undefined;
  const count = fields.length === 3 && /^\d+$/.test(middle) ? 3 : 2;
  return { count, hasHeader: false, image: 0, caption: count - 1, part: -1 };
}

function missing(file: string, { first, firstLine }: Table, columns: CaptionColumns): never {
  const { fault } = chooseColumns(first.fields ?? [], columns);
  const message = `${file} line ${firstLine} has ${fault?.what}; ${fault?.remedy}`;
  throw new AttendError("BAD_DATA", message);
}
