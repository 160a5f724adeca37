import { type FileHandle, open, realpath, rename, rm } from "node:fs/promises";
import { temporaryBeside, writeError } from "@attend/runtime/files";
import { headerBytes, toInt16, wavHeader } from "./write.ts";

/**
 * Writes a WAV file piece by piece, as `writeWav` does: until it is closed, the samples go to a temporary file in the
 * same folder, and the path holds what it held before.
 */
export class WavWriter {
  readonly #path: string;
  readonly #sampleRate: number;
  readonly #target: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  #length = 0;

  private constructor(
    path: string,
    sampleRate: number,
    target: string,
    temporary: string,
    file: FileHandle,
  ) {
    this.#path = path;
    this.#sampleRate = sampleRate;
    this.#target = target;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** @throws AttendError WRITE_FAILED, naming the file and the remedy */
  static async open(path: string, sampleRate: number): Promise<WavWriter> {
    const target = await realpath(path).catch(() => path);
    const temporary = temporaryBeside(target);
    const file = await open(temporary, "wx").catch((thrown: unknown) => {
      throw writeError(path, thrown);
    });
    const writer = new WavWriter(path, sampleRate, target, temporary, file);
    try {
      await writer.#put(wavHeader(0, sampleRate), 0);
    } catch (thrown) {
      await writer.discard();
      throw writeError(path, thrown);
    }
    return writer;
  }

  /** How much was written, in seconds. */
  get seconds(): number {
    return this.#length / this.#sampleRate;
  }

  /**
   * @throws AttendError WRITE_FAILED; BAD_ARGUMENT beyond 4 GB. The samples of the calls before are still there for `close`
   *   to keep, or `discard`.
   */
  async write(samples: Float32Array): Promise<void> {
    wavHeader(this.#length + samples.length, this.#sampleRate); // Throws for a file that is too long.
    const end = headerBytes + 2 * this.#length;
    try {
      await this.#put(toInt16(samples), end);
    } catch (thrown) {
      // Makes room on a full disk.
      await this.#file.truncate(end).catch(() => {});
      throw writeError(this.#path, thrown);
    }
    this.#length += samples.length;
  }

  /** Completes the file. @throws AttendError WRITE_FAILED; the writer is then closed, without a file */
  async close(): Promise<void> {
    try {
      await this.#put(wavHeader(this.#length, this.#sampleRate), 0);
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#temporary, this.#target);
    } catch (thrown) {
      await this.discard();
      throw writeError(this.#path, thrown);
    }
  }

  /** Closes the writer without a file. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, position + at);
      at += bytesWritten;
    }
  }
}
