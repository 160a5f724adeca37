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

/** Rows are flushed to disk and added to the partial index after this many bytes. */
const flushBytes = 2 ** 25;

/**
 * Writes features row by row. All but the last 32 MB survive a kill: the next writer with the same folder,
 * key and shape continues from there. Call `finish` or `close` at the end.
 */
export class FeatureCacheWriter {
  /** Why existing rows in the folder were discarded, in one line; undefined if they were not. */
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

  /** The number of rows so far, including those of earlier writers. */
  get size(): number {
    return this.#ids.size;
  }

  /** Whether a photo has already been written. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /**
   * Adds the features of some photos; await it before the next call.
   *
   * @param features `[ids, positions, channels]`
   * @throws AttendError BAD_SHAPE; BAD_ARGUMENT for an id that already exists; NOT_FINITE for a number that
   *   half precision cannot represent (beyond 65,504); WRITE_FAILED. Nothing is then added.
   */
  async append(ids: readonly string[], features: Float32Array): Promise<void> {
    const elements = rowElements(this.#kind);
    if (features.length !== ids.length * elements) {
      const message = `${ids.length} photos' features of [${this.#kind.shape.join(", ")}] are ${ids.length * elements} numbers, not ${features.length}`;
      throw new AttendError("BAD_SHAPE", message);
    }
    const repeated = ids.find((id, index) => this.#ids.has(id) || ids.indexOf(id) !== index);
    if (repeated !== undefined) {
      const message = `the feature cache ${this.#folder} already contains ${repeated}; call has() first`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const bits = encodeFloat16(features);
    const bad = bits.findIndex((pattern) => (pattern & 0x7c00) === 0x7c00);
    if (bad >= 0) {
      const message = `a feature of ${ids[Math.floor(bad / elements)]} is ${features[bad]}, which half precision cannot represent; check the encoder's weights and the photo`;
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
   * Completes the cache, ready for `openFeatureCache`, and closes the writer.
   *
   * @throws AttendError WRITE_FAILED; flushed rows are kept for the next writer
   */
  async finish(): Promise<void> {
    const { index, partialIndex } = cacheFiles(this.#folder);
    await this.#end(() => rename(partialIndex, index));
  }

  /** Closes the writer before the cache is complete; the next writer continues from here. */
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

  /** The index lists only rows that would survive a power cut. */
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
 * Opens a folder, created if missing, to write features into it: continues from an earlier writer with the
 * same key and shape, even a finished one; otherwise deletes existing features (see `discarded`) and starts
 * over. The cache cannot be opened until `finish`.
 *
 * @throws AttendError WRITE_FAILED if the folder cannot be written or another process is writing to it
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
    const message = `process ${owner} is already writing to it; wait for it, or delete ${files.lock} if that process is something else`;
    return new AttendError("WRITE_FAILED", message);
  });
  try {
    const { ids, discarded } = await recover(folder, { key, shape });
    if (ids.length === 0) {
      // Deleted, not overwritten, so that open readers keep the old rows.
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

/** The rows of an existing cache that can be kept, or why none can. */
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
  const difference = index === undefined ? "an unknown format" : kindDifference(index, kind);
  if (index === undefined || difference !== undefined) {
    const count = index === undefined ? "" : ` ${index.ids.length}`;
    return {
      ids: [],
      discarded: `the${count} features in ${folder} have ${difference}; starting over`,
    };
  }
  return { ids: index.ids.slice(0, Math.floor(bytes / rowBytes(kind))) };
}
