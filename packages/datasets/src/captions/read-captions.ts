import { basename, extname } from "node:path";
import { tryParseJson } from "@attend/runtime/config";
import { AttendError, printable } from "@attend/runtime/errors";
import { nameSome } from "../name-some.ts";
import { PhotoFolder } from "../photo-folder.ts";
import { TextFile } from "../text-files/text-file.ts";
import type { Caption, CaptionedImage, CaptionSet } from "./caption-set.ts";
import { delimitedSource } from "./delimited.ts";
import { jsonDocumentSource, jsonLinesSource } from "./json.ts";
import { isPart } from "./part.ts";
import type { CaptionColumns, RowSource } from "./rows.ts";
import { isSingleWord, wordsOf } from "./words.ts";

/** How a file of captions is read. */
export interface ReadCaptionsOptions {
  /** The folder that photo names are relative to; without it, photos are not looked for. */
  readonly imagesDirectory?: string | undefined;
  /** The set's `source`; by default the file's name without its extension. */
  readonly name?: string | undefined;
  /** The columns of a CSV file or fields of JSON lines, if they have unusual names. */
  readonly columns?: CaptionColumns | undefined;
  /** A file with one photo name per line: only these photos are read. */
  readonly split?: string | undefined;
  /**
   * The parts to read from a file that has parts (Karpathy's splits, a column `split`), see `isPart`; by
   * default all. Files without parts are read completely.
   */
  readonly parts?: readonly string[] | undefined;
  /** Leaves out missing photos, with a warning, instead of throwing an error. */
  readonly allowMissing?: boolean | undefined;
}

/**
 * Reads captions from CSV or TSV (`image,caption`), Flickr8k's token file and Flickr30k's results, JSON
 * lines (`image`, `caption` or `captions`), COCO JSON or Karpathy-split JSON, whichever the content is.
 * CSV and JSON lines are streamed. Each file is opened once and may be a pipe. A row that cannot be used
 * is left out, with a warning.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED if a file cannot be read; BAD_DATA, naming file, line
 *   and remedy, if the format is unknown, most rows cannot be used, photos are missing, or no caption is
 *   left
 */
export async function readCaptions(
  file: string,
  options: ReadCaptionsOptions,
): Promise<CaptionSet> {
  const { imagesDirectory: directory } = options;
  const folder =
    directory === undefined ? PhotoFolder.unchecked() : await PhotoFolder.open(directory);
  const split = options.split === undefined ? undefined : await folder.readSplit(options.split);
  const text = await TextFile.open(file, "captions");
  try {
    const source = await openSource(text, options.columns ?? {}, folder);
    const found = await collect(file, source, folder, { ...options, names: split?.names });
    const photos = [...found.photos.values()];
    const present = photos.filter(({ isPresent }) => isPresent);
    const missing = await folder.describeMissing(file, photos);
    if (missing !== undefined && !options.allowMissing) {
      const first = photos.find(({ isPresent }) => !isPresent)?.captions[0]?.line;
      const message = `${missing}; correct the folder or the names (first: ${source.unit} ${first}), or leave them out by --allow-missing`;
      throw new AttendError("BAD_DATA", message);
    }
    if (present.length === 0) {
      const { parts, split } = options;
      const hasParts = split === undefined && parts !== undefined && found.parts.size > 0;
      const part = hasParts ? `part ${parts.join(", ")}` : split;
      const reason = hasParts
        ? `it has ${describeParts(found.parts)}; choose by --part`
        : "give another file";
      const message = `${file} has no caption ${part === undefined ? "" : `of ${part} `}to use; ${missing ?? reason}`;
      throw new AttendError("BAD_DATA", message);
    }
    const warnings = [...source.warnings, ...found.warnings, ...text.warnings];
    if (missing !== undefined) warnings.push(`${missing}; left out`);
    warnings.push(...folder.warnings(file));
    if (split !== undefined) {
      const without = [...split.names].filter((name) => !found.photos.has(name));
      if (without.length > 0) {
        const message = `${without.length} of ${split.names.size} photos of ${split.file} have no caption in ${file}: ${nameSome(without)}; left out`;
        warnings.push(message);
      }
    }
    return {
      source: options.name ?? basename(file, extname(file)),
      images: present.map(({ isPresent: _, ...image }) => image),
      ...(found.parts.size > 0 && { parts: found.parts }),
      warnings,
    };
  } finally {
    await text.close();
  }
}

type CollectedPhoto = CaptionedImage & { captions: Caption[]; readonly isPresent: boolean };

/** Collects the photos of the requested rows, and warnings about them. */
async function collect(
  file: string,
  source: RowSource,
  folder: PhotoFolder,
  {
    parts,
    names,
  }: { parts?: readonly string[] | undefined; names: ReadonlySet<string> | undefined },
) {
  const { leftOut } = source;
  const photos = new Map<string, CollectedPhoto>();
  const partCounts = new Map<string, number>();
  const seen = new Set<string>();
  const oneWord: number[] = [];
  const duplicate: number[] = [];
  let used = 0;
  for await (const { image, caption, line, part } of source.rows) {
    const isOfPart = part !== undefined && part !== "";
    if (isOfPart) partCounts.set(part, (partCounts.get(part) ?? 0) + 1);
    const isRequested =
      parts === undefined || !isOfPart || parts.some((name) => isPart(part, name));
    // A split file takes precedence over parts.
    if (names === undefined && !isRequested) continue;
    const text = caption.replace(/\s+/g, " ").trim();
    const { id, file: path, isPresent } = await folder.find(image);
    if (names !== undefined && !names.has(id)) continue;
    const fault = faultOf(id, text, isPresent);
    if (fault !== undefined) {
      leftOut.add(line, fault);
      continue;
    }
    used++;
    if (isSingleWord(text)) oneWord.push(line);
    const photo = photos.get(id) ?? {
      id,
      file: path,
      captions: [],
      isPresent,
      ...(isOfPart && { part }),
    };
    const key = `${id}\n${text}`;
    if (seen.has(key)) duplicate.push(line);
    seen.add(key);
    photo.captions.push({ text, line });
    photos.set(id, photo);
  }
  const warnings = leftOut.warnings(used);
  const linesOf = (lines: number[]) => `${file} ${source.unit} ${nameSome(lines)}`;
  if (oneWord.length > 0) {
    warnings.push(`${linesOf(oneWord)}: the caption is a single word; is it cut off?`);
  }
  if (duplicate.length > 0) {
    warnings.push(`${linesOf(duplicate)}: repeats a caption of the same photo; both are kept`);
  }
  return { photos, parts: partCounts, warnings };
}

function faultOf(id: string, text: string, isPresent: boolean) {
  if (id === ".") return { what: "names no photo", remedy: "write its name or remove the row" };
  if (`${id}${text}`.includes("\uFFFD")) {
    return { what: "not UTF-8", remedy: "save the file as UTF-8" };
  }
  if (wordsOf(text).length === 0) {
    return { what: "the caption has no word", remedy: "write one or remove the row" };
  }
  // Flickr8k's token file has five captions of a photo with such a name.
  if (!isPresent && /\.\w{3,4}\.\d+$/.test(id)) {
    return { what: `no photo is named ${id}`, remedy: "correct the name or remove the row" };
  }
  return undefined;
}

/** `train (30,000 captions), val (5,070 captions)` */
export function describeParts(parts: ReadonlyMap<string, number>): string {
  return [...parts]
    .map(([name, count]) => `${printable(name)} (${count.toLocaleString("en")} captions)`)
    .join(", ");
}

async function openSource(
  text: TextFile,
  columns: CaptionColumns,
  photos: PhotoFolder,
): Promise<RowSource> {
  const head = text.head.trimStart();
  const firstLine = head.split("\n", 1)[0] ?? "";
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(text.file)) return jsonLinesSource(text, columns);
  if (head.startsWith("{")) {
    // The first line of a document is not an object on its own, unless it is the entire document.
    const isObject = tryParseJson(firstLine) !== undefined;
    const single = isObject && !/"(images|annotations)"\s*:/.test(firstLine);
    return single ? jsonLinesSource(text, columns) : jsonDocumentSource(text, columns);
  }
  if (head.startsWith("[")) return jsonDocumentSource(text, columns);
  return delimitedSource(text, columns, photos);
}
