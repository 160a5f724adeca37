import { basename, extname, posix, resolve } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { nameSome } from "../name-some.ts";
import type { Caption, CaptionedImage, CaptionSet } from "./caption-set.ts";
import { delimitedSource } from "./delimited.ts";
import { jsonDocumentSource, jsonLinesSource } from "./json.ts";
import { PhotoFolder } from "./photo-folder.ts";
import type { CaptionColumns, RowSource } from "./rows.ts";
import { readHead, readLines } from "./text-file.ts";
import { isSingleWord, wordsOf } from "./words.ts";

export interface ReadCaptionsOptions {
  /** The folder to which the photos' names are relative. */
  readonly imagesDirectory: string;
  /** The set's `source`; without it the file's name less its extension. */
  readonly name?: string | undefined;
  /** The columns of a CSV file or fields of JSON lines, where they have other names than usual. */
  readonly columns?: CaptionColumns | undefined;
  /** A file with one photo's name a line: only these are taken. */
  readonly split?: string | undefined;
  /** The parts taken from a file that has its own: `["train", "restval"]` of Karpathy's splits. */
  readonly splitNames?: readonly string[] | undefined;
  /** Skips photos that are not there, with a warning, where they are an error otherwise. */
  readonly allowMissing?: boolean | undefined;
}

/**
 * Reads captions from CSV or TSV with a header (`image,caption`), JSON lines (`image`, `caption` or
 * `captions`), COCO JSON or Karpathy-split JSON; the content tells which. CSV and JSON lines are
 * streamed.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED where a file cannot be read; BAD_DATA, naming
 *   file, line and remedy, where it is broken, has a caption without a word, names photos that are
 *   absent, or leaves no caption at all.
 */
export async function readCaptions(
  file: string,
  options: ReadCaptionsOptions,
): Promise<CaptionSet> {
  const split = options.split === undefined ? undefined : await readSplit(options.split);
  const source = await openSource(file, options.columns ?? {});
  const { photos, splitCounts, ...found } = await collect(file, source, options, split?.names);

  const folder = new PhotoFolder(options.imagesDirectory);
  const { present, absent } = await folder.sort([...photos.values()]);
  const missing = `${absent.length} of ${photos.size} photos of ${file} are not in ${options.imagesDirectory}: ${nameSome(absent.map((photo) => photo.id))}`;
  if (absent.length > 0 && !options.allowMissing) {
    const message = `${missing}; correct the folder or the names (first: ${source.unit} ${absent[0]?.captions[0]?.line}), or allow missing photos`;
    throw new AttendError("BAD_DATA", message);
  }
  if (present.length === 0) {
    const part = split?.file ?? options.splitNames?.join(", ");
    const parts = options.splitNames && [...splitCounts.keys()].join(", ");
    const reason = absent.length > 0 ? missing : parts ? `it has ${parts}` : "give another file";
    const message = `${file} has no caption ${part ? `of ${part} ` : ""}to use; ${reason}`;
    throw new AttendError("BAD_DATA", message);
  }

  const warnings = [...source.warnings, ...found.warnings];
  if (absent.length > 0) warnings.push(`${missing}; skipped`);
  if (split !== undefined) {
    const without = [...split.names].filter((name) => !photos.has(name));
    if (without.length > 0) {
      const message = `${without.length} of ${split.names.size} photos of ${split.file} have no caption in ${file}: ${nameSome(without)}; left out`;
      warnings.push(message);
    }
  } else if (splitCounts.size > 0 && !options.splitNames) {
    const parts = [...splitCounts].map(([name, captions]) => `${name} (${captions} captions)`);
    warnings.push(
      `${file} has parts, and all are taken: ${parts.join(", ")}; choose by splitNames`,
    );
  }
  const name = options.name ?? basename(file, extname(file));
  return { source: name, images: present, warnings };
}

/** The photos of the chosen rows, and what is odd about these. */
async function collect(
  file: string,
  source: RowSource,
  { imagesDirectory, splitNames }: ReadCaptionsOptions,
  names: ReadonlySet<string> | undefined,
) {
  const photos = new Map<string, CaptionedImage & { captions: Caption[] }>();
  const splitCounts = new Map<string, number>();
  const seen = new Set<string>();
  const wordless: number[] = [];
  const oneWord: number[] = [];
  const duplicate: number[] = [];
  for await (const { image, caption, line, split } of source.rows) {
    const id = photoId(image);
    if (split !== undefined) splitCounts.set(split, (splitCounts.get(split) ?? 0) + 1);
    if (names !== undefined && !names.has(id)) continue;
    if (splitNames !== undefined && !splitNames.includes(split ?? "")) continue;
    if (id === ".") {
      const message = `${file} ${source.unit} ${line} names no photo; write its name or remove the row`;
      throw new AttendError("BAD_DATA", message);
    }
    const text = caption.replace(/\s+/g, " ").trim();
    if (`${id}${text}`.includes("\uFFFD")) {
      const message = `${file} ${source.unit} ${line} is not UTF-8; save the file as UTF-8`;
      throw new AttendError("BAD_DATA", message);
    }
    if (wordsOf(text).length === 0) wordless.push(line);
    if (isSingleWord(text)) oneWord.push(line);
    const photo = photos.get(id) ?? { id, file: resolve(imagesDirectory, id), captions: [] };
    const key = `${id}\n${text}`;
    if (seen.has(key)) duplicate.push(line);
    seen.add(key);
    photo.captions.push({ text, line });
    photos.set(id, photo);
  }
  const places = (lines: number[]) => `${file} ${source.unit} ${nameSome(lines)}`;
  if (wordless.length > 0) {
    const message = `${places(wordless)}: the caption has no word; write one or remove the row`;
    throw new AttendError("BAD_DATA", message);
  }
  const warnings: string[] = [];
  if (oneWord.length > 0) {
    warnings.push(`${places(oneWord)}: the caption is a single word; is it cut off?`);
  }
  if (duplicate.length > 0) {
    warnings.push(`${places(duplicate)}: repeats a caption of the same photo; both are kept`);
  }
  return { photos, splitCounts, warnings };
}

async function openSource(file: string, columns: CaptionColumns): Promise<RowSource> {
  const head = (await readHead(file)).trimStart();
  const firstLine = head.split("\n", 1)[0] ?? "";
  if (/^\.(jsonl|ndjson)$/i.test(extname(file))) return jsonLinesSource(file, columns);
  if (head.startsWith("{")) {
    // The first line of a document is no object by itself, unless it is the whole document.
    const single = parsesAsJson(firstLine) && !/"(images|annotations)"\s*:/.test(firstLine);
    return single ? jsonLinesSource(file, columns) : jsonDocumentSource(file, columns);
  }
  if (head.startsWith("[")) return jsonDocumentSource(file, columns);
  return delimitedSource(file, firstLine, columns);
}

async function readSplit(file: string): Promise<{ file: string; names: Set<string> }> {
  const names = new Set<string>();
  for await (const { text } of readLines(file)) names.add(photoId(text));
  if (names.size > 0) return { file, names };
  throw new AttendError("BAD_DATA", `${file} names no photo; write one photo's name a line`);
}

/** One name for `a.jpg` and `./a.jpg`; `.` for none. */
function photoId(name: string): string {
  return posix.normalize(name.trim());
}

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
