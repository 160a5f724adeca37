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

/** Concurrent reads: Node's thread pool has 4 threads, while one row is decoded. */
const lanes = 5;

/**
 * The features of many photos in a file, read by row. Reads may run concurrently, and use memory for only a
 * few rows. Opened by `openFeatureCache`; the caller must `close` it.
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

  /** Identifies the weights and preprocessing that the features were made with. */
  get key(): string {
    return this.#index.key;
  }

  /** The shape of a row. */
  get shape(): readonly [positions: number, channels: number] {
    return this.#index.shape;
  }

  /** In the order of the rows. */
  get ids(): readonly string[] {
    return this.#index.ids;
  }

  /** Whether the cache contains a photo. */
  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** @throws AttendError BAD_ARGUMENT if the cache does not contain the photo */
  rowOf(id: string): number {
    const row = this.#rows.get(id);
    if (row !== undefined) return row;
    const message = `the feature cache ${this.#folder} has no features of ${id}; add them with createFeatureCacheWriter`;
    throw new AttendError("BAD_ARGUMENT", message);
  }

  /**
   * Reads the features of some rows, `[rows, positions, channels]`.
   *
   * @param into is filled from its start, which avoids an allocation; it may be longer
   * @throws AttendError BAD_ARGUMENT for a row that does not exist or an array that is too short;
   *   READ_FAILED
   */
  async read(rows: readonly number[], into?: Float32Array): Promise<Float32Array> {
    const elements = rowElements(this.#index);
    const features = into ?? new Float32Array(rows.length * elements);
    if (features.length < rows.length * elements) {
      const message = `${rows.length} rows of features are ${rows.length * elements} numbers, but the array has ${features.length}; give a longer one`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const entries = rows.entries();
    const readLane = async () => {
      const bits = this.#spare.pop() ?? new Uint16Array(elements);
      for (const [index, row] of entries) {
        await this.#readRow(row, bits);
        decodeFloat16(bits, features.subarray(index * elements, (index + 1) * elements));
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
      const message = `the feature cache ${this.#folder} has rows 0 to ${this.ids.length - 1}, not ${row}`;
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
 * Opens a complete feature cache.
 *
 * @param wanted the key and shape that the cache must have, if given
 * @throws AttendError FILE_NOT_FOUND if there is none or its writer has not finished; BAD_DATA if it has a
 *   different key or shape, or is damaged
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
