import { realpathSync } from "node:fs";
import type { Columns, ParallelPair, ParallelSource } from "@attend/datasets";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { languageNames } from "@attend/translator/language";

export interface PairsOptions {
  /** The option or command that names the files, for errors. */
  readonly option: string;
  readonly columns?: Columns | undefined;
  /** Whether the files have the translations first. */
  readonly swap: boolean;
  /** Keeps every line as it is, including empty ones. */
  readonly keep?: boolean;
  /** Tags; a table's header row may contain the names of these languages. */
  readonly languages: readonly (string | undefined)[];
  /** Receives warnings about skipped lines. */
  readonly warn: (line: string) => void;
}

/**
 * Reads sentence pairs from files: source and target files in turn, or files that contain both, with the
 * extension .tsv, .csv or .jsonl, optionally followed by .gz. A file without a partner is read as a TSV.
 *
 * @throws AttendError like `readParallel`; BAD_ARGUMENT if files do not belong together
 */
export async function readPairs(
  files: readonly string[],
  { option, columns, swap, keep = false, languages, warn }: PairsOptions,
): Promise<readonly ParallelPair[]> {
  const { readParallel } = await import("@attend/datasets");
  const sources = sourcesOf(files, option, columns);
  requireOnce(files, option);
  const headers = languages.flatMap((tag) => (tag === undefined ? [] : languageNames(tag)));
  const kept = keep ? ({ empty: "keep", maxLength: 2 ** 20 } as const) : {};
  try {
    const { pairs, warnings } = await readParallel(sources, { headers, ...kept });
    for (const warning of warnings) warn(warning);
    return swap
      ? pairs.map((pair) => ({ ...pair, source: pair.target, target: pair.source }))
      : pairs;
  } catch (thrown) {
    const lone = files.find((file) => isLone(file, sources));
    if (lone === undefined || !messageOf(thrown).startsWith(`${lone} line 1 has one column`)) {
      throw thrown;
    }
    const message = `${option} names ${lone} without the file of its translations, and it has no columns separated by tabs; add that file after it`;
    throw new AttendError("BAD_ARGUMENT", message, { cause: thrown });
  }
}

/** Whether a file's name says that it contains pairs. */
export function isTable(file = ""): boolean {
  return table.test(file);
}

const table = /\.(tsv|csv|jsonl|ndjson)(\.gz)?$/i;

function sourcesOf(files: readonly string[], option: string, columns: Columns | undefined) {
  const sources: ParallelSource[] = [];
  for (let i = 0; i < files.length; i++) {
    const file = files[i] ?? "";
    const [, kind] = table.exec(file.toLowerCase()) ?? [];
    if (kind === "csv") sources.push({ csv: file, columns });
    else if (kind === "tsv") sources.push({ tsv: file, columns });
    else if (kind !== undefined) sources.push({ jsonl: file, fields: fieldsOf(columns) });
    else {
      const target = files[++i];
      if (target === undefined) sources.push({ tsv: file, columns });
      else if (isTable(target)) throw unpaired(option, file, target);
      else sources.push({ source: file, target });
    }
  }
  return sources;
}

/** Numbers only apply to tables. */
function fieldsOf(columns: Columns | undefined): { source: string; target: string } | undefined {
  const { source, target } = columns ?? {};
  return typeof source === "string" && typeof target === "string" ? { source, target } : undefined;
}

function isLone(file: string, sources: readonly ParallelSource[]): boolean {
  return !isTable(file) && sources.some((source) => "tsv" in source && source.tsv === file);
}

function unpaired(option: string, file: string, next: string): AttendError {
  const message = `${option} names ${file} without the file of its translations: the next file, ${next}, contains pairs itself; put that file before ${next}`;
  return new AttendError("BAD_ARGUMENT", message);
}

/** @throws AttendError BAD_ARGUMENT if a file is named twice, even by different paths */
function requireOnce(files: readonly string[], option: string): void {
  const known = new Map<string, string>();
  for (const file of files) {
    const path = pathOf(file);
    const before = known.get(path);
    if (before !== undefined) {
      const message = `${option} names ${before} twice${before === file ? "" : ` (also as ${file})`}; name each file once: sources, then their translations`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    known.set(path, file);
  }
}

/** A missing file is reported when it is read. */
function pathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
