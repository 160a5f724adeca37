import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";

/** One caption of one photo, as its file has it. */
export interface CaptionRow {
  readonly image: string;
  readonly caption: string;
  /** From 1, counting the source's units. */
  readonly line: number;
  /** The part that the file itself puts the photo in: `train`, `val`, ... */
  readonly split?: string | undefined;
}

/** A caption file opened in its format. */
export interface RowSource {
  /** What `line` counts: a line of the file, or an entry of a JSON document. */
  readonly unit: string;
  readonly rows: Iterable<CaptionRow> | AsyncIterable<CaptionRow>;
  readonly warnings: readonly string[];
}

/** The names of the two columns (or JSON fields); each has usual names that need not be given. */
export interface CaptionColumns {
  readonly image?: string | undefined;
  readonly caption?: string | undefined;
}

const imageNames = ["image", "file", "filename", "file_name"];
const captionNames = ["caption", "captions", "text"];

/** Which of the `present` columns hold the photo and the caption. */
export function chooseColumns(
  present: readonly string[],
  chosen: CaptionColumns,
  place: string,
): { image: string; caption: string } {
  const choose = (option: string | undefined, usual: readonly string[], what: string) => {
    const name = (option === undefined ? usual : [option]).find((each) => present.includes(each));
    if (name !== undefined) return name;
    const wanted = option === undefined ? what : `column ${JSON.stringify(option)}`;
    const message = `${place} has no ${wanted}, only ${present.map((each) => JSON.stringify(each)).join(", ") || "nothing"}; name the columns image and caption or choose them by \`columns\``;
    throw new AttendError("BAD_DATA", message);
  };
  return {
    image: choose(chosen.image, imageNames, "column for the photo"),
    caption: choose(chosen.caption, captionNames, "column for the caption"),
  };
}

const recordSchema = z.record(z.string(), z.unknown());
const captionSchema = z.union([z.string(), z.array(z.string())]);

/** The rows of a JSON object such as `{"image": "a.jpg", "captions": ["A dog.", "A pet."]}`. */
export function rowsOfRecord(
  value: unknown,
  { columns, place, line }: { columns: CaptionColumns; place: string; line: number },
): CaptionRow[] {
  const record = recordSchema.safeParse(value);
  if (!record.success) {
    throw new AttendError(
      "BAD_DATA",
      `${place} is not a JSON object; write {"image": "photo.jpg", "caption": "..."}`,
    );
  }
  const names = chooseColumns(Object.keys(record.data), columns, place);
  const image = z.string().safeParse(record.data[names.image]);
  const captions = captionSchema.safeParse(record.data[names.caption]);
  if (!image.success || !captions.success) {
    const wrong = image.success
      ? `${names.caption} is neither a text nor a list of texts`
      : `${names.image} is not a text`;
    throw new AttendError("BAD_DATA", `${place}: ${wrong}; correct it`);
  }
  return [captions.data].flat().map((caption) => ({ image: image.data, caption, line }));
}
