import { AttendError } from "@attend/runtime/errors";

export function interrupted(): AttendError {
  return new AttendError("INTERRUPTED", "stopped before the end, as its signal was aborted");
}
