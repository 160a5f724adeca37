import { AttendError, messageOf } from "@attend/runtime/errors";
import { readFileLimited, writeFileAtomic } from "@attend/runtime/files";
import type { z } from "zod";

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_CONFIG where it is not JSON */
export async function readJson(file: string): Promise<unknown> {
  return parseJson((await readFileLimited(file, { maxBytes: 1e8 })).toString(), file);
}

/**
 * @param file names the text in errors
 * @throws AttendError BAD_CONFIG where it is not JSON
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const fault = messageOf(cause).replace(/\s+/g, " ");
    throw new AttendError("BAD_CONFIG", `${file} is not valid JSON (${fault}); correct it`, {
      cause,
    });
  }
}

/** Writes JSON that people may read, atomically. @throws AttendError WRITE_FAILED */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(value, null, 1)}\n`);
}

/**
 * Checks a config and fills in its defaults.
 *
 * @param source names it in errors: the file it comes from
 * @throws AttendError BAD_CONFIG, one line that names every wrong key
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new AttendError("BAD_CONFIG", `${source}: ${faults.join("; ")}; correct the file`);
}
