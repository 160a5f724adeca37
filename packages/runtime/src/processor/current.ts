import { AttendError } from "../errors.ts";
import { chooseTuning, defaultTuning, type Tuning } from "./choose.ts";
import { type Profile, readProfile } from "./profile.ts";

let current: { readonly tuning: Tuning; readonly profile: Profile | undefined } | undefined;

/**
 * This process's tuning, read once: by the stored profile of the processor, or the default with ATTEND_TUNING=off.
 *
 * @throws AttendError BAD_ARGUMENT for another value of ATTEND_TUNING
 */
export function currentTuning(): {
  readonly tuning: Tuning;
  readonly profile: Profile | undefined;
} {
  current ??= readTuning();
  return current;
}

/** Passes the tuning to libtensorflow, before it is loaded. The user's own settings are kept. */
export function applyTuning(): void {
  const { library, threads } = currentTuning().tuning;
  if (library !== undefined) {
    process.env["TF_ENABLE_ONEDNN_OPTS"] ??= library === "oneDNN" ? "1" : "0";
  }
  if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
}

function readTuning() {
  const choice = process.env["ATTEND_TUNING"] || "auto";
  if (choice !== "auto" && choice !== "off") {
    throw new AttendError(
      "BAD_ARGUMENT",
      `ATTEND_TUNING is "${choice}"; set it to "off", or leave it unset for what was measured`,
    );
  }
  const profile = readProfile();
  const isUsed = profile !== undefined && choice === "auto";
  return { profile, tuning: isUsed ? chooseTuning(profile) : defaultTuning };
}
