import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { writeError } from "@attend/runtime/files";
import { free, readLines } from "./outcomes.ts";
import type { Store } from "./store.ts";
import { requireWork, type Work } from "./work.ts";

/** Options of {@link collect}. */
export interface CollectOptions {
  /** A line of JSON for each item, in order. */
  readonly out: string;
  /** Whether to wait for outcomes that are not there yet. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Told how far the work is, before each piece that is written. */
  readonly onCollected?: (work: Work) => void;
}

/** Lines that are written, and then freed, at a time. */
const linesAtATime = 500;

/**
 * Writes the outcomes of a queue to a file, in order, each once. What is on disk is freed in Redis. If it was
 * interrupted, it goes on where it was: whatever the file has beyond what was freed is written again, and is the same.
 *
 * @returns how far the work was then
 * @throws AttendError DATA_MISSING if there is no work; BAD_ARGUMENT if the file has something else, or what was collected
 *   is in another; WRITE_FAILED; INTERRUPTED
 */
export async function collect(store: Store, options: CollectOptions): Promise<Work> {
  const { follow, signal, onCollected = () => {} } = options;
  const out = resolve(options.out);
  const { bytes } = await requireWork(store);
  const file = await openOutput(store, out, bytes);
  try {
    for (;;) {
      const work = await requireWork(store);
      onCollected(work);
      if (work.complete && work.collected === work.added) return work;
      if (signal.aborted) {
        const message = `${work.collected} of ${work.added} are in ${out}; the same command goes on`;
        throw new AttendError("INTERRUPTED", message);
      }
      const lines = await readLines(store, work.collected, linesAtATime);
      if (lines.length > 0) await append(store, file, lines, { ...work, out });
      else if (!follow) return work;
      else await wait(200);
    }
  } finally {
    await file.close();
  }
}

/** Opens the file, which is the queue's from then on. */
async function openOutput(store: Store, out: string, bytes: number): Promise<FileHandle> {
  const isNew = (await store.redis.hsetnx(store.key("work"), "out", out)) === 1;
  const owned = await store.redis.hget(store.key("work"), "out");
  if (owned !== out) {
    const message = `the first outcomes of the queue ${store.name} are collected in ${owned}; give that as --out`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const flags = isNew ? "wx" : bytes > 0 ? "r+" : constants.O_RDWR | constants.O_CREAT;
  const file = await open(out, flags).catch(async (thrown: unknown) => {
    if (isNew) await store.redis.hdel(store.key("work"), "out");
    if (systemCodeOf(thrown) !== "EEXIST") throw writeError(out, thrown);
    throw new AttendError("BAD_ARGUMENT", `${out} is there already; give a new file as --out`);
  });
  const { size } = await file.stat();
  if (size >= bytes) return file;
  await file.close();
  const message = `${out} has ${size} bytes, but ${bytes} were collected there; put it back, or remove the queue and add again`;
  throw new AttendError("BAD_ARGUMENT", message);
}

async function append(
  store: Store,
  file: FileHandle,
  lines: readonly string[],
  { collected, bytes, out }: { collected: number; bytes: number; out: string },
): Promise<void> {
  const text = Buffer.from(`${lines.join("\n")}\n`);
  try {
    for (let at = 0; at < text.length; ) {
      at += (await file.write(text, at, text.length - at, bytes + at)).bytesWritten;
    }
    await file.datasync();
  } catch (thrown) {
    throw writeError(out, thrown);
  }
  const end = { from: collected, to: collected + lines.length, bytes: bytes + text.length };
  if (await free(store, end)) return;
  const message = `another program collects the queue ${store.name}; let one of them do it`;
  throw new AttendError("BAD_ARGUMENT", message);
}
