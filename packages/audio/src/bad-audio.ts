import { AttendError } from "@attend/runtime/errors";

/** @param fault what is wrong and what to do, as the rest of a sentence that starts with `name` */
export function badAudio(name: string, fault: string, cause?: unknown): AttendError {
  return new AttendError("BAD_AUDIO", `${name} ${fault}`, { cause });
}
