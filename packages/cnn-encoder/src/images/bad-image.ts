import { AttendError, messageOf } from "@attend/runtime/errors";

/** @param fault what is wrong, and what to do */
export function badImage(name: string, fault: string, cause?: unknown): AttendError {
  return new AttendError("BAD_IMAGE", `${name} ${fault}`, { cause });
}

export function tooLarge(name: string, maxBytes: number): AttendError {
  return badImage(name, `has more than ${maxBytes / 1e6} MB; make it smaller`);
}

/** The first line of another library's error message, which is the informative one. */
export function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n", 1)[0]?.trim() ?? "";
}
