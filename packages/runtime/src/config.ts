import type { z } from "zod";
import { AttendError, type ErrorCode, messageOf, printable } from "./errors.ts";
import { readFileLimited, writeFileAtomic } from "./files.ts";

/** @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_CONFIG if it is not valid JSON */
export async function readJson(file: string): Promise<unknown> {
  return parseJson((await readFileLimited(file, { maxBytes: 1e8 })).toString(), file);
}

/**
 * @param source names the text in errors: a file, or a file and line
 * @throws AttendError `code` if it is not valid JSON
 */
export function parseJson(text: string, source: string, code: ErrorCode = "BAD_CONFIG"): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const message = messageOf(cause);
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = position && text.slice(0, Number(position)).split("\n").length;
    const where = line && text.includes("\n") ? `${source} line ${line}` : source;
    const detail = printable(message.replace(/\s+/g, " "));
    throw new AttendError(code, `${where} is not valid JSON (${detail}); correct it`, { cause });
  }
}

/** @returns undefined if the text is undefined or not valid JSON */
export function tryParseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes human-readable JSON atomically. @throws AttendError WRITE_FAILED */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomic(file, formatJson(value));
}

/** The text that {@link writeJson} writes. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** Each of 10,000 list items may be invalid. */
const maxFaults = 10;

/**
 * Validates untrusted input, and fills in defaults.
 *
 * @param source names the input in errors: the file it comes from, or what it configures
 * @param options the error's `code`, and its `remedy`, the end of the message: what to do
 * @throws AttendError a single line that names every invalid key
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string,
  { code = "BAD_CONFIG", remedy = "correct it" }: { code?: ErrorCode; remedy?: string } = {},
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap(faultsOf);
  const more = faults.length - maxFaults;
  const listed = faults.slice(0, maxFaults).join("; ") + (more > 0 ? `; and ${more} more` : "");
  throw new AttendError(code, `${source}: ${listed}; ${remedy}`);
}

/** `a.b: too small: expected number to be >0`; one fault per unknown key. */
function faultsOf(issue: z.core.$ZodIssue): string[] {
  const at = (path: readonly PropertyKey[], fault: string) =>
    path.length === 0 ? fault : `${path.join(".")}: ${fault}`;
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => at([...path, key], "unknown key"));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const choices = issue.errors.map((issues) => issues.flatMap(faultsOf).join(", "));
    return [at(path, choices.join("; or "))];
  }
  const fault = issue.message
    .replace(/^Invalid [^:.]+[:.] /, "")
    .replace(/, received undefined$/, ", but it is missing");
  return [at(path, fault.charAt(0).toLowerCase() + fault.slice(1))];
}

/** The first path, as `a.b.c`, at which two JSON values differ, with both values there. */
export function firstDifference(
  saved: unknown,
  given: unknown,
  path = "",
): { path: string; saved: string; given: string } | undefined {
  if (isRecord(saved) && isRecord(given)) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(given)])) {
      const below = path === "" ? key : `${path}.${key}`;
      const difference = firstDifference(saved[key], given[key], below);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const [a, b] = [JSON.stringify(saved) ?? "absent", JSON.stringify(given) ?? "absent"];
  return a === b ? undefined : { path, saved: a, given: b };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
