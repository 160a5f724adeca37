import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { type CaptionColumns, type CaptionRow, type RowSource, rowsOfRecord } from "./rows.ts";
import { readLines, readWholeText } from "./text-file.ts";

/** A JSON document is read as a whole; COCO's 600,000 captions are 90 MB. */
const maxDocumentLength = 400_000_000;

/** One JSON object a line. Streamed. */
export function jsonLinesSource(file: string, columns: CaptionColumns): RowSource {
  async function* rows(): AsyncGenerator<CaptionRow> {
    for await (const { text, line } of readLines(file)) {
      const place = `${file} line ${line}`;
      yield* rowsOfRecord(parseJson(text, place), { columns, place, line });
    }
  }
  return { unit: "line", rows: rows(), warnings: [] };
}

/** COCO (`images`, `annotations`), Karpathy's splits (`images[].sentences`) or a list of objects. */
export async function jsonDocumentSource(
  file: string,
  columns: CaptionColumns,
): Promise<RowSource> {
  const document = parseJson(await readWholeText(file, maxDocumentLength), file);
  if (Array.isArray(document)) {
    const rows = document.flatMap((value: unknown, index) =>
      rowsOfRecord(value, { columns, place: `${file} entry ${index + 1}`, line: index + 1 }),
    );
    return { unit: "entry", rows, warnings: [] };
  }
  if (has(document, "annotations")) return cocoSource(file, check(file, cocoSchema, document));
  if (has(document, "images")) return karpathySource(check(file, karpathySchema, document));
  const message = `${file} is JSON but holds no captions that are known; give COCO (images, annotations), Karpathy's splits (images with sentences) or a list of {"image", "caption"}`;
  throw new AttendError("BAD_DATA", message);
}

const idSchema = z.union([z.number(), z.string()]);
const cocoSchema = z.object({
  images: z.array(z.object({ id: idSchema, file_name: z.string() })),
  annotations: z.array(z.object({ image_id: idSchema, caption: z.string() })),
});

/** Lin et al. 2014, the format of `captions_train2014.json`. */
function cocoSource(file: string, document: z.infer<typeof cocoSchema>): RowSource {
  const names = new Map(document.images.map((image) => [image.id, image.file_name]));
  const captioned = new Set<number | string>();
  const rows = document.annotations.map(({ image_id: id, caption }, index) => {
    const image = names.get(id);
    if (image === undefined) {
      const message = `${file} annotation ${index + 1} belongs to image ${id}, which "images" lacks; add the image or remove the annotation`;
      throw new AttendError("BAD_DATA", message);
    }
    captioned.add(id);
    return { image, caption, line: index + 1 };
  });
  const without = names.size - captioned.size;
  const warnings =
    without > 0 ? [`${file}: ${without} of ${names.size} photos have no caption; left out`] : [];
  return { unit: "annotation", rows, warnings };
}

const karpathySchema = z.object({
  images: z.array(
    z.object({
      filename: z.string(),
      filepath: z.string().optional(),
      split: z.string().optional(),
      sentences: z.array(z.object({ raw: z.string() })),
    }),
  ),
});

/** Karpathy & Fei-Fei 2015, the format of `dataset_flickr8k.json` and `dataset_coco.json`. */
function karpathySource(document: z.infer<typeof karpathySchema>): RowSource {
  const rows = document.images.flatMap(({ filename, filepath, split, sentences }, index) =>
    sentences.map(({ raw }) => ({
      image: filepath === undefined ? filename : `${filepath}/${filename}`,
      caption: raw,
      line: index + 1,
      split,
    })),
  );
  return { unit: "image", rows, warnings: [] };
}

function has(document: unknown, field: string): boolean {
  return typeof document === "object" && document !== null && field in document;
}

function check<T>(file: string, schema: z.ZodType<T>, document: unknown): T {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  const message = `${file} at ${path?.join("").replace(/^\./, "")}: ${issue?.message}; is it a file of captions?`;
  throw new AttendError("BAD_DATA", message);
}
