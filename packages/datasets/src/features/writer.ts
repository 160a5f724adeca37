import { constants } from "node:fs";
import { appendFile, type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { encodeFloat16 } from "@attend/nn/float16";
import { AttendError } from "@attend/runtime/errors";
import { writeError, writeFileAtomic } from "@attend/runtime/files";
import { acquireLock } from "@attend/runtime/lock";
import {
  cacheFiles,
  type FeatureIndex,
  type FeatureKind,
  formatIds,
  formatIndex,
  kindDifference,
  readIndex,
  rowBytes,
  rowElements,
} from "./layout.ts";

/** After so many bytes the rows are flushed to the disk and named in the partial index. */
const flushBytes = 2 ** 25;

/**
 * Writes features row by row. What was written survives a kill but for the last 32 MB: the next
 * writer of the same folder, key and shape goes on from there. End it by `finish` or `close`.
 */
export class FeatureCacheWriter {
  /** Why the rows that the folder held were given up, in one line; undefined where they were not. */
  readonly discarded: string | undefined;
  readonly #folder: string;
  readonly #kind: FeatureKind;
  readonly #file: FileHandle;
  readonly #unlock: () => Promise<void>;
  readonly #ids: Set<string>;
  #unsafeIds: string[] = [];

  /** @internal */
  constructor(
    folder: string,
    { file, unlock }: { file: FileHandle; unlock: () => Promise<void> },
    index: FeatureIndex,
    discarded?: string,
  ) {
    this.discarded = discarded;
    this.#folder = folder;
    this.#kind = index;
    this.#file = file;
    this.#unlock = unlock;
    this.#ids = new Set(index.ids);
  }

  /** The number of rows so far, those of earlier writers included. */
  get size(): number {
    return this.#ids.size;
  }

  /** Whether features of a photo are there already. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /**
   * Adds the features of some photos; wait for it before the next call.
   *
   * @param features `[ids, positions, channels]`
   * @throws AttendError BAD_SHAPE; BAD_ARGUMENT for an id that is there already; NOT_FINITE for a
   *   number that half precision cannot hold (beyond 65,504); WRITE_FAILED. Nothing is added then.
   */
  async append(ids: readonly string[], features: Float32Array): Promise<void> {
    const elements = rowElements(this.#kind);
    if (features.length !== ids.length * elements) {
      const message = `${ids.length} photos' features of [${this.#kind.shape.join(", ")}] are ${ids.length * elements} numbers, but ${features.length} were given`;
      throw new AttendError("BAD_SHAPE", message);
    }
    const repeated = ids.find((id, index) => this.#ids.has(id) || ids.indexOf(id) !== index);
    if (repeated !== undefined) {
      const message = `the feature cache ${this.#folder} has ${repeated} already; ask has() first`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const bits = encodeFloat16(features);
    const bad = bits.findIndex((pattern) => (pattern & 0x7c00) === 0x7c00);
    if (bad >= 0) {
      const message = `a feature of ${ids[Math.floor(bad / elements)]} is ${features[bad]}, which half precision cannot hold; check the encoder's weights and the photo`;
      throw new AttendError("NOT_FINITE", message);
    }
    try {
      await this.#write(bits);
      for (const id of ids) this.#ids.add(id);
      this.#unsafeIds.push(...ids);
      if (this.#unsafeIds.length * rowBytes(this.#kind) >= flushBytes) await this.#flush();
    } catch (thrown) {
      throw writeError(cacheFiles(this.#folder).rows, thrown);
    }
  }

  /**
   * Makes the cache whole, ready for `openFeatureCache`, and ends the writer.
   *
   * @throws AttendError WRITE_FAILED; the rows that are safe stay for the next writer.
   */
  async finish(): Promise<void> {
    const { index, partialIndex } = cacheFiles(this.#folder);
    await this.#end(() => rename(partialIndex, index));
  }

  /** Ends the writer while rows are lacking; the next writer goes on from here. */
  async close(): Promise<void> {
    await this.#end(async () => {});
  }

  async #end(afterFlush: () => Promise<void>): Promise<void> {
    const { index } = cacheFiles(this.#folder);
    try {
      await this.#flush();
      await afterFlush();
    } catch (thrown) {
      throw writeError(index, thrown);
    } finally {
      await this.#file.close();
      await this.#unlock();
    }
  }

  /** The index names no row that a power cut could still take. */
  async #flush(): Promise<void> {
    await this.#file.datasync();
    const lines = formatIds(this.#unsafeIds);
    await appendFile(cacheFiles(this.#folder).partialIndex, lines, { flush: true });
    this.#unsafeIds = [];
  }

  async #write(bits: Uint16Array): Promise<void> {
    let position = this.#ids.size * rowBytes(this.#kind);
    let rest = Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength);
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.write(rest, 0, rest.length, position);
      position += bytesWritten;
      rest = rest.subarray(bytesWritten);
    }
  }
}

/**
 * Opens a folder, made where it is absent, to write features into it: on from where an earlier
 * writer of the same key and shape ended, even one that had finished; otherwise from the start, what
 * the folder held being deleted (`discarded` says so). The cache cannot be opened until `finish`.
 *
 * @throws AttendError WRITE_FAILED where the folder cannot be written or another process does so.
 */
export async function createFeatureCacheWriter(
  folder: string,
  { key, shape }: FeatureKind,
): Promise<FeatureCacheWriter> {
  const files = cacheFiles(folder);
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw writeError(folder, thrown);
  }
  const unlock = await acquireLock(files.lock, (owner) => {
    const message = `process ${owner} is writing there already; wait for it, or delete ${files.lock} if that process is something else`;
    return new AttendError("WRITE_FAILED", message);
  });
  try {
    const { ids, discarded } = await recover(folder, { key, shape });
    if (ids.length === 0) {
      // Deleted, not overwritten: whoever still reads the old rows keeps them.
      for (const each of [files.index, files.partialIndex, files.rows]) {
        await rm(each, { force: true });
      }
    }
    await writeFileAtomic(files.partialIndex, formatIndex({ key, shape, ids }));
    await rm(files.index, { force: true });
    const file = await open(files.rows, constants.O_RDWR | constants.O_CREAT);
    await file.truncate(ids.length * rowBytes({ key, shape }));
    return new FeatureCacheWriter(folder, { file, unlock }, { key, shape, ids }, discarded);
  } catch (thrown) {
    await unlock();
    throw AttendError.isInstance(thrown) ? thrown : writeError(files.rows, thrown);
  }
}

/** The rows of a whole or interrupted cache that can be kept, or why there are none. */
async function recover(
  folder: string,
  kind: FeatureKind,
): Promise<{ ids: readonly string[]; discarded?: string }> {
  const files = cacheFiles(folder);
  const absent = () => undefined;
  const bytes = (await stat(files.rows).catch(absent))?.size ?? 0;
  if (bytes === 0) return { ids: [] };
  const index =
    (await readIndex(files.index).catch(absent)) ??
    (await readIndex(files.partialIndex).catch(absent));
  const difference = index === undefined ? "an unknown kind" : kindDifference(index, kind);
  if (index === undefined || difference !== undefined) {
    const count = index === undefined ? "" : ` ${index.ids.length}`;
    return {
      ids: [],
      discarded: `the${count} features in ${folder} are of ${difference}; made anew`,
    };
  }
  return { ids: index.ids.slice(0, Math.floor(bytes / rowBytes(kind))) };
}
