/** What went wrong, for programs; the message is for humans. */
export type ErrorCode =
  | "ENGINE_MISSING"
  | "ENGINE_FAILED"
  | "FILE_NOT_FOUND"
  | "BAD_IMAGE"
  | "BAD_AUDIO"
  | "BAD_WEIGHTS"
  | "BAD_CONFIG"
  | "BAD_DATA"
  | "BAD_SHAPE"
  | "BAD_ARGUMENT"
  | "DATA_MISSING"
  | "NOT_FINITE"
  | "READ_FAILED"
  | "WRITE_FAILED"
  | "INTERRUPTED";

/** The same symbol in every copy of this module. */
const marker = Symbol.for("@attend/runtime/AttendError");

/**
 * The only error class of Attend. Its message says what was given, what was expected and what to
 * do; a command line prints it on one line and exits with code 1. Check for it with
 * `AttendError.isInstance`: if a program has two copies of this package, `instanceof` only
 * recognizes the errors of one.
 */
export class AttendError extends Error {
  override readonly name = "AttendError";
  readonly code: ErrorCode;

  /** Whether a value is an `AttendError`, from this copy of the package or another. */
  static isInstance(value: unknown): value is AttendError {
    return typeof value === "object" && value !== null && marker in value;
  }

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Checked by {@link AttendError.isInstance}. */
  get [marker](): true {
    return true;
  }
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of Node's system errors (`ENOENT`, `ENOSPC`, ...), if there is one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/**
 * Describes a value for an error message: `null`, `a number (42)`, `a string ("5")`, `an Array`.
 */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return "a Promise (await it)";
  const kind = typeof value === "object" ? value.constructor?.name || "Object" : typeof value;
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  const isShort = /^(?:number|boolean|string)$/.test(kind) && shown.length < 40;
  return `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}${isShort ? ` (${shown})` : ""}`;
}

/** Escapes control characters and those that change the text direction (`\u001b`). */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
