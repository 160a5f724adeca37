import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { groupsOfLines, streamInputs } from "@attend/cli-kit";
import { readUtf8 } from "@attend/datasets";
import { parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { isAddress, readError } from "@attend/runtime/files";
import type { Item, Kind } from "./kinds/index.ts";
import { objectsBelow } from "./s3.ts";

/** Options of {@link itemsOf}. */
export interface ItemsOptions {
  /** Whether a line of a list is a JSON object, not the item's text or file; default: whether its name tells so. */
  readonly jsonLines?: boolean | undefined;
  /** For each of these, every item is there once, with these fields. */
  readonly each?: readonly Item[];
}

/**
 * The items of a folder (also `s3://bucket/start-of-names`), or of a list (`-` is stdin), as they are read, in an order that
 * is the same the next time.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA naming the first line that is not valid
 */
export async function* itemsOf(
  source: string,
  kind: Kind,
  { jsonLines = /\.(jsonl|ndjson)(\.gz)?$/.test(source), each = [{}] }: ItemsOptions = {},
): AsyncGenerator<Item> {
  if (await isFolder(source)) {
    if (kind.extensions.length === 0) {
      const message = `${source} is a folder; give a list of ${kind.unit}, one on a line`;
      throw new AttendError("READ_FAILED", message);
    }
    const { extensions } = kind;
    const files = isBucket(source) ? objectsBelow(source, extensions) : filesOf(source, extensions);
    for await (const path of files) {
      for (const more of each) yield kind.check({ [kind.field]: path, ...more }, path);
    }
    return;
  }
  const bytes = readUtf8(source === "-" ? { stream: process.stdin, name: "stdin" } : source, {
    maxBytes: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const lines of groupsOfLines(bytes, 1000)) {
    for (const { text, fault } of lines) {
      number++;
      if (fault !== undefined) {
        throw new AttendError("BAD_DATA", `${source}: ${fault}; correct it and add again`);
      }
      // An empty text is a text, but no file has an empty name.
      if (text.trim() === "" && (jsonLines || kind.extensions.length > 0)) continue;
      const where = `${source} line ${number}`;
      const value = jsonLines ? parseJson(text, where, "BAD_DATA") : { [kind.field]: text };
      const fields = typeof value === "object" ? value : {};
      for (const more of each) yield located(kind.check({ ...fields, ...more }, where), kind);
    }
  }
}

async function isFolder(source: string): Promise<boolean> {
  if (source === "-") return false;
  if (isBucket(source)) return true;
  const found = await stat(source).catch((thrown: unknown) => {
    throw readError(source, thrown);
  });
  return found.isDirectory();
}

function isBucket(source: string): boolean {
  return source.startsWith("s3://");
}

async function* filesOf(folder: string, extensions: readonly string[]): AsyncGenerator<string> {
  const files = streamInputs(resolve(folder), { extensions });
  for await (const { path, bytesOfPath, error } of files) {
    if (error !== undefined) throw error;
    if (bytesOfPath !== undefined) {
      throw new AttendError("BAD_DATA", `the name of ${path} is not in UTF-8; rename it`);
    }
    yield path;
  }
}

/** A worker may run in any folder. */
function located(item: Item, { field, extensions }: Kind): Item {
  const path = String(item[field]);
  if (extensions.length === 0 || isAddress(path)) return item;
  return { ...item, [field]: resolve(path) };
}
