import { type FileHandle, open } from "node:fs/promises";
import { decodeFloat16 } from "@attend/nn/float16";
import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import {
  cacheFiles,
  type FeatureIndex,
  type FeatureKind,
  kindDifference,
  readIndex,
  rowBytes,
  rowElements,
} from "./layout.ts";

/** Reads that run at once: Node's thread pool has 4 threads, and one row is being decoded. */
const lanes = 5;

/**
 * The features of many photos in a file, read by row. Several reads may run at once; memory stays
 * at a few rows. Made by `openFeatureCache`; `close` it.
 */
export class FeatureCache {
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #index: FeatureIndex;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #spare: Uint16Array[] = [];

  /** @internal */
  constructor(folder: string, file: FileHandle, index: FeatureIndex) {
    this.#folder = folder;
    this.#file = file;
    this.#index = index;
    this.#rows = new Map(index.ids.map((id, row) => [id, row]));
  }

  /** What made the features: a cache with another key holds others. */
  get key(): string {
    return this.#index.key;
  }

  /** `[positions, channels]` of one row. */
  get shape(): readonly [positions: number, channels: number] {
    return this.#index.shape;
  }

  /** In the order of the rows. */
  get ids(): readonly string[] {
    return this.#index.ids;
  }

  /** Whether the cache has features of a photo. */
  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** @throws AttendError BAD_ARGUMENT where the cache lacks the photo. */
  rowOf(id: string): number {
    const row = this.#rows.get(id);
    if (row !== undefined) return row;
    const message = `the feature cache ${this.#folder} has no features of ${id}; add them with createFeatureCacheWriter`;
    throw new AttendError("BAD_ARGUMENT", message);
  }

  /**
   * The features of some rows, `[rows, positions, channels]`.
   *
   * @param into is filled from its start, which avoids an allocation; it may be longer.
   * @throws AttendError BAD_ARGUMENT for a row that does not exist or an array that is too short;
   *   READ_FAILED.
   */
  async read(rows: readonly number[], into?: Float32Array): Promise<Float32Array> {
    const elements = rowElements(this.#index);
    const features = into ?? new Float32Array(rows.length * elements);
    if (features.length < rows.length * elements) {
      const message = `${rows.length} rows of features are ${rows.length * elements} numbers, but the array holds ${features.length}; give a longer one`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const places = rows.entries();
    const readLane = async () => {
      const bits = this.#spare.pop() ?? new Uint16Array(elements);
      for (const [place, row] of places) {
        await this.#readRow(row, bits);
        decodeFloat16(bits, features.subarray(place * elements, (place + 1) * elements));
      }
      this.#spare.push(bits);
    };
    await Promise.all(Array.from({ length: Math.min(lanes, rows.length) }, readLane));
    return features;
  }

  /** Closes the file; nothing can be read afterwards. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  async #readRow(row: number, bits: Uint16Array): Promise<void> {
    if (!Number.isInteger(row) || row < 0 || row >= this.ids.length) {
      const message = `the feature cache ${this.#folder} has the rows 0 to ${this.ids.length - 1}, but ${row} was asked for`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const bytes = bits.byteLength;
    const { bytesRead } = await this.#file
      .read(bits, 0, bytes, row * bytes)
      .catch((thrown: unknown) => {
        throw readError(cacheFiles(this.#folder).rows, thrown);
      });
    if (bytesRead === bytes) return;
    const message = `the feature cache ${this.#folder} was cut off at row ${row} while in use; build it again`;
    throw new AttendError("READ_FAILED", message);
  }
}

/**
 * Opens a feature cache that is whole.
 *
 * @param wanted key and shape that the cache must have, as far as given
 * @throws AttendError FILE_NOT_FOUND where nothing is there or its writer has not finished; BAD_DATA
 *   where it was made with another key or shape, or is cut off or damaged.
 */
export async function openFeatureCache(
  folder: string,
  wanted: Partial<FeatureKind> = {},
): Promise<FeatureCache> {
  const files = cacheFiles(folder);
  const broken = (reason: string) =>
    new AttendError("BAD_DATA", `the feature cache ${folder} ${reason}; build it again`);
  const index = await readIndex(files.index);
  if (index === undefined) throw broken(`has a damaged ${files.index}`);
  const difference = kindDifference(index, wanted);
  if (difference !== undefined) throw broken(`was made with ${difference}`);

  const file = await open(files.rows).catch((thrown: unknown) => {
    throw readError(files.rows, thrown);
  });
  const { size } = await file.stat();
  const expected = index.ids.length * rowBytes(index);
  if (size === expected) return new FeatureCache(folder, file, index);
  await file.close();
  throw broken(`is cut off: its ${index.ids.length} rows need ${expected} bytes, not ${size}`);
}
