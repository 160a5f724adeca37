import { AttendError } from "@attend/runtime/errors";

/** An error with the library's option names in its message replaced by flags. */
export function withFlagNames(error: AttendError): AttendError {
  const message = error.message
    .replace(/\braise maxPixels$/, "raise --max-pixels")
    .replace(/\braise timeout$/, "raise --timeout")
    .replace(/^nBest is/, "--n-best is");
  return new AttendError(error.code, message, { cause: error.cause });
}
