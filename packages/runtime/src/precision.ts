import { AttendError } from "./errors.ts";
import { currentProcessor } from "./processor/identity.ts";

/**
 * How the native engine multiplies: `exact` in float32; `fast` in bfloat16 with sums in float32 where the processor has
 * units for it, and in float32 elsewhere.
 */
export type Precision = (typeof precisions)[number];

/** All values of {@link Precision}; the first is the default. */
export const precisions = ["exact", "fast"] as const;

/**
 * Whether a processor with these flags multiplies bfloat16 several times as fast as float32: with AMX. Those with AVX512-BF16
 * alone gain nothing, since oneDNN multiplies in float32 there.
 */
export function isFasterInBfloat16(flags = currentProcessor().flags): boolean {
  return flags.has("amx_bf16");
}

/**
 * The precision that ATTEND_PRECISION names; exact by default.
 *
 * @throws AttendError BAD_ARGUMENT if it is neither
 */
export function precisionFromEnvironment(): Precision {
  const value = process.env["ATTEND_PRECISION"] || "exact";
  if (value === "exact" || value === "fast") return value;
  throw new AttendError(
    "BAD_ARGUMENT",
    `ATTEND_PRECISION is "${value}"; set it to "exact" or "fast", or leave it unset for exact`,
  );
}

/** A few words on what a precision means on this processor. */
export function describePrecision(precision: Precision): string {
  if (precision === "exact") return "exact";
  if (isFasterInBfloat16()) return "fast: large products in bfloat16";
  return "fast, which makes no difference on this processor: it has no AMX";
}
