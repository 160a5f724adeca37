import { parseJson, tryParseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { quoted } from "../name-some.ts";
import { LeftOut } from "../notes.ts";
import type { TextFile } from "../text-files/text-file.ts";
import { type CaptionColumns, type CaptionRow, type RowSource, rowsOfRecord } from "./rows.ts";

/** One JSON object per line. Streamed. */
export function jsonLinesSource(text: TextFile, columns: CaptionColumns): RowSource {
  const leftOut = new LeftOut(text.file, "line");
  async function* rows(): AsyncGenerator<CaptionRow> {
    for await (const { text: json, line } of text.lines()) {
      if (json.trim() === "") continue;
      const value = tryParseJson(json);
      if (value === undefined) {
        leftOut.add(line, { what: "not valid JSON", remedy: "correct it" });
      } else yield* rowsOfRecord(value, { columns, line, leftOut });
    }
  }
  return { unit: "line", rows: rows(), leftOut, warnings: [] };
}

/** COCO (`images`, `annotations`), Karpathy's splits (`images[].sentences`) or a list of objects. */
export async function jsonDocumentSource(
  text: TextFile,
  columns: CaptionColumns,
): Promise<RowSource> {
  const { file } = text;
  const document = parseJson(await text.all(), file, "BAD_DATA");
  if (Array.isArray(document)) {
    const leftOut = new LeftOut(file, "entry");
    const rows = document.flatMap((value: unknown, index) =>
      rowsOfRecord(value, { columns, line: index + 1, leftOut }),
    );
    return { unit: "entry", rows, leftOut, warnings: [] };
  }
  const coco = cocoSchema.safeParse(document);
  if (coco.success) return cocoSource(file, coco.data);
  const karpathy = karpathySchema.safeParse(document);
  if (karpathy.success) return karpathySource(file, karpathy.data);
  const message = `${file} is JSON, but not a known caption format; give COCO (images, annotations), Karpathy's splits (images with sentences) or a list of {"image", "caption"}`;
  throw new AttendError("BAD_DATA", message);
}

/** COCO's ids are numbers; some tools write them as text in one list, possibly with leading zeros as in file names. */
const idSchema = z.union([z.number(), z.string()]).transform((id) =>
  String(id)
    .trim()
    .replace(/^0+(?=\d)/, ""),
);
const cocoSchema = z.object({ images: z.array(z.unknown()), annotations: z.array(z.unknown()) });
const cocoImageSchema = z.object({ id: idSchema, file_name: z.string() });
const cocoAnnotationSchema = z.object({ image_id: idSchema, caption: z.string() });

/** Lin et al. 2014, the format of `captions_train2014.json`. */
function cocoSource(file: string, document: z.infer<typeof cocoSchema>): RowSource {
  const leftOut = new LeftOut(file, "annotation");
  const names = new Map<string, string>();
  for (const value of document.images) {
    const image = cocoImageSchema.safeParse(value).data;
    if (image !== undefined) names.set(image.id, image.file_name);
  }
  const captioned = new Set<string>();
  const rows: CaptionRow[] = [];
  for (const [index, value] of document.annotations.entries()) {
    const line = index + 1;
    const annotation = cocoAnnotationSchema.safeParse(value);
    if (!annotation.success) {
      const what = `an annotation without ${annotation.error.issues.map(({ path }) => path.join(".")).join(" and ")}`;
      leftOut.add(line, { what, remedy: "is it a caption file?" });
      continue;
    }
    const { image_id: id, caption } = annotation.data;
    const image = names.get(id);
    if (image === undefined) {
      const remedy = "add the image or remove the annotation";
      leftOut.add(line, { what: `its image is not in "images"`, remedy });
      continue;
    }
    captioned.add(id);
    rows.push({ image, caption, line });
  }
  const without = names.size - captioned.size;
  const warnings =
    without > 0 ? [`${file}: ${without} of ${names.size} photos have no caption; left out`] : [];
  return { unit: "annotation", rows, leftOut, warnings };
}

const karpathySchema = z.object({ images: z.array(z.unknown()).min(1) });
const karpathyImageSchema = z.object({
  filename: z.string(),
  filepath: z.string().optional(),
  split: z.string().optional(),
  sentences: z.array(z.object({ raw: z.string() })),
});

/** Karpathy & Fei-Fei 2015, the format of `dataset_flickr8k.json` and `dataset_coco.json`. */
function karpathySource(file: string, { images }: z.infer<typeof karpathySchema>): RowSource {
  const leftOut = new LeftOut(file, "image");
  const rows = images.flatMap((value, index) => {
    const image = karpathyImageSchema.safeParse(value);
    if (!image.success) {
      const [issue] = image.error.issues;
      const what = `at ${quoted(issue?.path.join(".") ?? "")}: ${issue?.message}`;
      leftOut.add(index + 1, { what, remedy: "is it a caption file?" });
      return [];
    }
    const { filename, filepath, split, sentences } = image.data;
    return sentences.map(({ raw }) => ({
      image: filepath === undefined ? filename : `${filepath}/${filename}`,
      caption: raw,
      line: index + 1,
      part: split,
    }));
  });
  return { unit: "image", rows, leftOut, warnings: [] };
}
