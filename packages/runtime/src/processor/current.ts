import { AttendError } from "../errors.ts";
import { isFasterInBfloat16, type Precision } from "../precision.ts";
import { chooseTuning, defaultTuning, type Tuning } from "./choose.ts";
import { type Profile, readProfile } from "./profile.ts";

interface Current {
  readonly tuning: Tuning;
  readonly profile: Profile | undefined;
}

let current: Current | undefined;

/**
 * This process's tuning, read once: by the stored profile of the processor, or the default with ATTEND_TUNING=off.
 *
 * @throws AttendError BAD_ARGUMENT for another value of ATTEND_TUNING
 */
export function currentTuning(): Current {
  current ??= readTuning();
  return current;
}

/**
 * Passes the tuning to libtensorflow, before it is loaded; with a `fast` precision also that oneDNN multiplies in bfloat16,
 * if the processor is faster so. The user's own settings are kept.
 */
export function applyTuning(precision: Precision): void {
  if (precision === "fast" && isFasterInBfloat16()) {
    process.env["ONEDNN_DEFAULT_FPMATH_MODE"] ??= "BF16";
    current = inBfloat16(currentTuning());
  }
  const { library, threads } = currentTuning().tuning;
  if (library !== undefined) {
    process.env["TF_ENABLE_ONEDNN_OPTS"] ??= library === "oneDNN" ? "1" : "0";
  }
  if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
}

/** Only oneDNN knows bfloat16, in which it leaves our own kernels behind except in small products. */
function inBfloat16({ tuning, profile }: Current): Current {
  return { tuning: { ...tuning, library: "oneDNN", ownDepth: 128, ownGradients: false }, profile };
}

function readTuning(): Current {
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
