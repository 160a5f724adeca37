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
    /** Absent in older logs, and while unknown. */
    totalSteps: z.number().optional(),
    secondsLeft: z.number().optional(),
    metrics,
  }),
  z.object({
    type: z.literal("validation"),
    step: z.number(),
    epoch: z.number(),
    metrics,
    examples: z
      .array(z.object({ input: z.string(), expected: z.string(), output: z.string() }))
      .optional(),
  }),
]);

/** A line of log.jsonl; metrics that are not finite are null. */
export type LogEntry = z.output<typeof logEntrySchema>;

const maxBytes = 2e9;

/** Reads a log; ignores an unfinished last line, which a killed process may have left. */
export async function readLog(path: string): Promise<LogEntry[]> {
  const text = (await readFileLimited(path, { maxBytes })).toString("utf8");
  const lines = text.split("\n");
  const entries: LogEntry[] = [];
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const entry = logEntrySchema.safeParse(tryParseJson(line));
    if (!entry.success) {
      throw new AttendError(
        "BAD_DATA",
        `${path} line ${i + 1}: not a training log entry; remove the line`,
      );
    }
    entries.push(entry.data);
  }
  return entries;
}

/** Drops the entries after `step`, so that a resumed training writes no line twice. */
export async function truncateLog(path: string, step: number): Promise<void> {
  if (!existsSync(path)) return;
  const kept = (await readLog(path)).filter((entry) => entry.step <= step);
  await writeFileAtomic(path, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** Adds a line; it survives a killed process once this returns. */
export function appendLog(path: string, entry: LogEntry): void {
  writing(path, () => appendFileSync(path, `${JSON.stringify(entry)}\n`));
}

/** @throws AttendError WRITE_FAILED, naming `path`, for whatever `write` throws */
export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    // TensorFlow's errors have no code, only the system's message.
    const full = /ENOSPC|No space left/.test(messageOf(cause));
    const reason = full ? "the disk is full; free some space, then resume" : messageOf(cause);
    throw new AttendError("WRITE_FAILED", `cannot write ${path}: ${reason}`, { cause });
  }
}
