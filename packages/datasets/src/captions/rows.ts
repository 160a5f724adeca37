import { z } from "zod";
import { findColumn, imageNames } from "../columns.ts";
import { quoted } from "../name-some.ts";
import type { Fault, LeftOut } from "../notes.ts";

/** One caption of one photo, as in its file. */
export interface CaptionRow {
  readonly image: string;
  readonly caption: string;
  /** From 1, counting the source's units. */
  readonly line: number;
  /** The part that the file assigns the photo to: `train`, `val`, ... */
  readonly part?: string | undefined;
}

/** The rows of an open caption file. */
export interface RowSource {
  /** What `line` counts: `line`, or `entry` in a JSON document. */
  readonly unit: string;
  readonly rows: Iterable<CaptionRow> | AsyncIterable<CaptionRow>;
  /** Collects rows that cannot be used while the others are read. */
  readonly leftOut: LeftOut;
  readonly warnings: readonly string[];
}

/** The names of the two columns (or JSON fields); common names are found without them. */
export interface CaptionColumns {
  readonly image?: string | undefined;
  readonly caption?: string | undefined;
}

/** The names of a caption file's columns. */
export interface FoundColumns {
  readonly image: string;
  readonly caption: string;
  readonly part: string | undefined;
}

const captionNames = "caption captions text comment sentence description raw".split(" ");
const partNames = ["split"];

/**
 * Finds the columns of the photo and the caption among those `present`, ignoring case.
 *
 * @returns the fault and its remedy if one is missing
 */
export function chooseColumns(
  present: readonly string[],
  chosen: CaptionColumns,
): { columns: FoundColumns; fault?: never } | { columns?: never; fault: Fault } {
  const image = findColumn(present, chosen.image, imageNames);
  const caption = findColumn(present, chosen.caption, captionNames);
  if (image !== undefined && caption !== undefined) {
    return { columns: { image, caption, part: findColumn(present, undefined, partNames) } };
  }
  const [option, usual, flag] =
    image === undefined
      ? [chosen.image, "column for the photo", "--image-column"]
      : [chosen.caption, "column for the caption", "--caption-column"];
  const wanted = option === undefined ? usual : `column ${quoted(option)}`;
  const some = present.slice(0, 20).map((each) => quoted(each));
  return {
    fault: {
      what: `no ${wanted}, only ${some.join(", ") || "nothing"}`,
      remedy: `name the columns image and caption, or choose by ${flag}`,
    },
  };
}

const recordSchema = z.record(z.string(), z.unknown());
/** A photo's name may be a number. */
const imageSchema = z.union([z.string(), z.int().transform(String)]);
const captionSchema = z.union([z.string(), z.array(z.string())]);

/** The rows of a JSON object such as `{"image": "a.jpg", "captions": ["A dog.", "A pet."]}`. */
export function rowsOfRecord(
  value: unknown,
  { columns: chosen, line, leftOut }: { columns: CaptionColumns; line: number; leftOut: LeftOut },
): CaptionRow[] {
  const record = recordSchema.safeParse(value);
  if (!record.success) {
    const remedy = 'write {"image": "photo.jpg", "caption": "..."}';
    leftOut.add(line, { what: "not a JSON object", remedy });
    return [];
  }
  const { columns, fault } = chooseColumns(Object.keys(record.data), chosen);
  if (fault !== undefined) {
    leftOut.add(line, fault);
    return [];
  }
  const image = imageSchema.safeParse(record.data[columns.image]);
  const captions = captionSchema.safeParse(record.data[columns.caption]);
  if (!image.success || !captions.success) {
    const what = image.success
      ? `${quoted(columns.caption)} is neither a text nor a list of texts`
      : `${quoted(columns.image)} is not a text`;
    leftOut.add(line, { what, remedy: "correct it" });
    return [];
  }
  const part = z.string().safeParse(record.data[columns.part ?? ""]).data;
  return [captions.data].flat().map((caption) => ({ image: image.data, caption, line, part }));
}
