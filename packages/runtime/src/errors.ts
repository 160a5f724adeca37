/** What went wrong, for programs; the message is for people. */
export type ErrorCode =
  | "ENGINE_MISSING"
  | "FILE_NOT_FOUND"
  | "BAD_IMAGE"
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

/**
 * The one error class of Attend. Its message says what was given, what was expected and what to do;
 * a command line prints it as one line and exits 1.
 */
export class AttendError extends Error {
  override readonly name = "AttendError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` that Node gives its system errors (`ENOENT`, `ENOSPC`, ...), where there is one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}
