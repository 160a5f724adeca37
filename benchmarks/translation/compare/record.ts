import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstDifference, parseConfig, readJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";

const testSchema = z.strictObject({
  /** sacreBLEU with its 13a tokenizer. */
  bleu: z.number(),
  bleuLowerCased: z.number(),
  chrf: z.number(),
  sentences: z.number(),
  /** Decoding time. */
  seconds: z.number(),
});

const recordSchema = z.strictObject({
  /** A record is continued only with the same settings. */
  settings: z.unknown(),
  /** Whether the machine was busy when any of its runs started. */
  busy: z.boolean(),
  /** Versions of other people's software. */
  tools: z.array(z.string()),
  /** Parameters; for a statistical system, phrase pairs. */
  size: z.number(),
  /** Training time until the last checkpoint. */
  seconds: z.number(),
  step: z.number(),
  /** Empty if there is nothing to validate. */
  validations: z.array(
    z.strictObject({
      step: z.number(),
      epoch: z.number(),
      /** Training time so far. */
      seconds: z.number(),
      bleu: z.number(),
    }),
  ),
  /** Why training ended. */
  stopped: z.enum(["complete", "early-stopping"]).nullable(),
  /** Null until the test has run. */
  test: testSchema.nullable(),
});

/** The measurements of a system so far. */
export type SystemRecord = z.output<typeof recordSchema>;
export type TestScores = z.output<typeof testSchema>;

const fileOf = (folder: string) => join(folder, "measured.json");

/**
 * The record in a system's folder, or a new one.
 *
 * @throws AttendError BAD_CONFIG if the system was started with other settings
 */
export async function openRecord(
  folder: string,
  settings: unknown,
  busy: boolean,
): Promise<SystemRecord> {
  const file = fileOf(folder);
  if (!existsSync(file)) {
    const nothing = { size: 0, seconds: 0, step: 0, validations: [], stopped: null, test: null };
    return { settings, busy, tools: [], ...nothing };
  }
  const record = parseConfig(recordSchema, await readJson(file), file);
  const difference = firstDifference(record.settings, settings);
  if (difference !== undefined) {
    const { path, saved, given } = difference;
    const message = `${folder} was started with another ${path} (it was ${saved}, now it is ${given}); use the old one, or another --out`;
    throw new AttendError("BAD_CONFIG", message);
  }
  if (record.test === null) record.busy ||= busy;
  return record;
}

/** Replaces the file atomically. */
export function writeRecord(folder: string, record: SystemRecord): void {
  mkdirSync(folder, { recursive: true });
  const temporary = `${fileOf(folder)}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(temporary, fileOf(folder));
}
