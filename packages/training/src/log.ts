import { appendFileSync, existsSync } from "node:fs";
import { tryParseJson } from "@attend/runtime/config";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { readFileLimited, writeFileAtomic } from "@attend/runtime/files";
import { z } from "zod";

const metrics = z.record(z.string(), z.number().nullable());

const logEntrySchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("step"),
    step: z.number(),
    epoch: z.number(),
    loss: z.number(),
    learningRate: z.number(),
    gradientNorm: z.number(),
    itemsPerSecond: z.number(),
    metrics,
  }),
  z.object({ type: z.literal("validation"), step: z.number(), epoch: z.number(), metrics }),
]);

/** A line of log.jsonl. A metric that is not finite is null. */
export type LogEntry = z.output<typeof logEntrySchema>;

const maxBytes = 2e9;

/** Reads a log; a last line that a killed process left unfinished is passed over. */
export async function readLog(path: string): Promise<LogEntry[]> {
  const text = (await readFileLimited(path, { maxBytes })).toString("utf8");
  const lines = text.split("\n");
  const entries: LogEntry[] = [];
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const entry = logEntrySchema.safeParse(tryParseJson(line));
    if (!entry.success) {
      throw new AttendError(
        "BAD_DATA",
        `${path} line ${i + 1}: not a line of a training log; remove the line`,
      );
    }
    entries.push(entry.data);
  }
  return entries;
}

/** Drops what came after `step`, so that a resumed training writes no line twice. */
export async function truncateLog(path: string, step: number): Promise<void> {
  if (!existsSync(path)) return;
  const kept = (await readLog(path)).filter((entry) => entry.step <= step);
  await writeFileAtomic(path, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** Adds a line; it outlives a killed process as soon as this returns. */
export function appendLog(path: string, entry: LogEntry): void {
  writing(path, () => appendFileSync(path, `${JSON.stringify(entry)}\n`));
}

/** @throws AttendError WRITE_FAILED, naming `path`, for whatever `write` throws. */
export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    // TensorFlow gives no code, but the system's words.
    const full = /ENOSPC|No space left/.test(messageOf(cause));
    const reason = full ? "the disk is full; free some space, then resume" : messageOf(cause);
    throw new AttendError("WRITE_FAILED", `cannot write ${path}: ${reason}`, { cause });
  }
}
