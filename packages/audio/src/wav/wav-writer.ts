import { type FileHandle, open, realpath, rename, rm } from "node:fs/promises";
import { AttendError } from "@attend/runtime/errors";
import { temporaryBeside, writeError } from "@attend/runtime/files";
import { toInt16, wavHeader } from "./write.ts";

/**
 * Writes a WAV file piece by piece, as `writeWav` does: until it is closed, the samples go to a temporary file in the
 * same folder, and the path holds what it held before. A failure removes the temporary file.
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
    await writer.#guard(() => file.write(wavHeader(0, sampleRate)));
    return writer;
  }

  /** @throws AttendError WRITE_FAILED; BAD_ARGUMENT beyond 4 GB. The writer is then closed, without a file. */
  async write(samples: Float32Array): Promise<void> {
    this.#length += samples.length;
    await this.#guard(async () => {
      await this.#file.appendFile(toInt16(samples));
    });
  }

  /** Completes the file. @throws AttendError WRITE_FAILED, BAD_ARGUMENT as `write` does */
  async close(): Promise<void> {
    await this.#guard(async () => {
      const header = wavHeader(this.#length, this.#sampleRate);
      await this.#file.write(header, 0, header.length, 0);
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#temporary, this.#target);
    });
  }

  /** Closes the writer without a file. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }

  async #guard(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      await this.discard();
      throw AttendError.isInstance(thrown) ? thrown : writeError(this.#path, thrown);
    }
  }
}
