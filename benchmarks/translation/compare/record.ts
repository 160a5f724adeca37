import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstDifference, parseConfig, readJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";

const testSchema = z.strictObject({
  /** sacreBLEU's, 13a. */
  bleu: z.number(),
  bleuLowerCased: z.number(),
  chrf: z.number(),
  sentences: z.number(),
  /** Of decoding. */
  seconds: z.number(),
});

const recordSchema = z.strictObject({
  /** What it is made with: another one is not gone on with. */
  settings: z.unknown(),
  /** Whether the machine was busy when any run of it began. */
  busy: z.boolean(),
  /** Versions of what is not ours. */
  tools: z.array(z.string()),
  /** Parameters; of a statistical system pairs of phrases. */
  size: z.number(),
  /** Of training alone, until the last checkpoint. */
  seconds: z.number(),
  step: z.number(),
  /** Empty where there is nothing to validate. */
  validations: z.array(
    z.strictObject({
      step: z.number(),
      epoch: z.number(),
      /** Of training until here. */
      seconds: z.number(),
      bleu: z.number(),
    }),
  ),
  /** Why the training ended. */
  stopped: z.enum(["complete", "early-stopping"]).nullable(),
  /** The end of all. */
  test: testSchema.nullable(),
});

/** What was measured of a system so far. */
export type SystemRecord = z.output<typeof recordSchema>;
export type TestScores = z.output<typeof testSchema>;

const fileOf = (folder: string) => join(folder, "measured.json");

/**
 * The record in a system's folder, or a new one.
 *
 * @throws AttendError BAD_CONFIG where the system was begun with other settings
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
    const message = `${folder} was begun with another ${path} (it was ${saved}, now it is ${given}); give the old one, or another --out`;
    throw new AttendError("BAD_CONFIG", message);
  }
  if (record.test === null) record.busy ||= busy;
  return record;
}

/** Replaces the file at once; it outlives a killed process as soon as this returns. */
export function writeRecord(folder: string, record: SystemRecord): void {
  mkdirSync(folder, { recursive: true });
  const temporary = `${fileOf(folder)}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(temporary, fileOf(folder));
}
