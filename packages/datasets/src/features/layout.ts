import { join } from "node:path";
import { tryParseJson } from "@attend/runtime/config";
import { readFileLimited } from "@attend/runtime/files";
import { z } from "zod";

/**
 * A feature cache is a folder: `features.f16` contains the rows, one after another, in little-endian half
 * precision; `index.jsonl` contains their kind (first line) and their ids (one per line). The index
 * exists only when the cache is complete; until then, `index.partial.jsonl` lists the rows that are safely
 * on disk.
 */
export function cacheFiles(folder: string) {
  return {
    rows: join(folder, "features.f16"),
    index: join(folder, "index.jsonl"),
    partialIndex: join(folder, "index.partial.jsonl"),
    lock: join(folder, "writer.lock"),
  };
}

/** The kind of a cache's rows. */
export interface FeatureKind {
  /** Identifies weights and preprocessing, such as a hash of both. */
  readonly key: string;
  /** The shape of a row. */
  readonly shape: readonly [positions: number, channels: number];
}

export interface FeatureIndex extends FeatureKind {
  /** In the order of the rows. */
  readonly ids: readonly string[];
}

const headerSchema = z.object({
  format: z.literal(1),
  key: z.string(),
  shape: z.tuple([z.int().positive(), z.int().positive()]),
});

/** About 10 million names. */
const maxIndexBytes = 400_000_000;

/**
 * Reads an index, complete or partial; ignores an unfinished last line.
 *
 * @returns undefined if it is not an index
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED
 */
export async function readIndex(file: string): Promise<FeatureIndex | undefined> {
  const text = (await readFileLimited(file, { maxBytes: maxIndexBytes })).toString();
  const [first = "", ...rest] = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  const header = headerSchema.safeParse(tryParseJson(first));
  const ids = z.array(z.string()).safeParse(rest.slice(0, -1).map(tryParseJson));
  if (!header.success || !ids.success) return undefined;
  const { key, shape } = header.data;
  return { key, shape, ids: ids.data };
}

export function formatIndex({ key, shape, ids }: FeatureIndex): string {
  return `${JSON.stringify({ format: 1, key, shape })}\n${formatIds(ids)}`;
}

export function formatIds(ids: readonly string[]): string {
  return ids.map((id) => `${JSON.stringify(id)}\n`).join("");
}

export function rowElements({ shape }: FeatureKind): number {
  return shape[0] * shape[1];
}

export function rowBytes(kind: FeatureKind): number {
  return rowElements(kind) * Uint16Array.BYTES_PER_ELEMENT;
}

/** How the kind of a cache differs from the requested one, in one line; undefined if it does not. */
export function kindDifference(
  found: FeatureKind,
  wanted: Partial<FeatureKind>,
): string | undefined {
  if (wanted.key !== undefined && wanted.key !== found.key) {
    return `different weights or preprocessing (${found.key}, now ${wanted.key})`;
  }
  if (wanted.shape !== undefined && wanted.shape.join() !== found.shape.join()) {
    return `a different shape ([${found.shape.join(", ")}], now [${wanted.shape.join(", ")}])`;
  }
  return undefined;
}
