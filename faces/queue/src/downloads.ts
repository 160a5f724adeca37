import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { createTemporaryFolder } from "@attend/serve/temporary-folder";
import { openObject } from "./s3.ts";

/** Seconds for a download. */
const timeout = 300;
/** Bytes of a download. */
const maxBytes = 4 * 2 ** 30;

/** What is at addresses, as files of this machine while they are needed. */
export class Downloads {
  #folder: string | undefined;
  #count = 0;

  /**
   * Does something with the file at a path, or with what is at an `http:`, `https:` or `s3:` address.
   *
   * @throws AttendError READ_FAILED if it cannot be downloaded; what `work` throws, whose message then names the address
   */
  async use<Result>(address: string, work: (file: string) => Promise<Result>): Promise<Result> {
    if (!/^(https?|s3):\/\//i.test(address)) return work(address);
    this.#folder ??= createTemporaryFolder();
    const name = `${this.#count++}${extname(new URL(address).pathname)}`;
    const file = join(this.#folder, name);
    try {
      await download(address, file);
      return await work(file);
    } catch (thrown) {
      if (!AttendError.isInstance(thrown)) throw thrown;
      const message = thrown.message.replaceAll(file, address);
      throw new AttendError(thrown.code, message, { cause: thrown });
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Removes whatever is left. */
  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

async function download(address: string, file: string): Promise<void> {
  const signal = AbortSignal.timeout(1000 * timeout);
  try {
    const stream = /^s3:/i.test(address)
      ? await openObject(address)
      : await openUrl(address, signal);
    await pipeline(stream, limited, createWriteStream(file), { signal });
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) throw thrown;
    const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
    const reason = signal.aborted ? `it takes more than ${timeout} s` : messageOf(cause);
    throw readFailed(address, `${reason}; check the address`, thrown);
  }
}

async function openUrl(address: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(address, { signal });
  if (response.ok && response.body !== null) return response.body;
  await response.body?.cancel();
  const answer = `${response.status} ${response.statusText}`.trim();
  throw readFailed(address, `the server answers ${answer}; check the address`);
}

async function* limited(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    yield piece;
  }
}

function readFailed(address: string, reason: string, cause?: unknown): AttendError {
  return new AttendError("READ_FAILED", `cannot read ${address}: ${reason}`, { cause });
}
