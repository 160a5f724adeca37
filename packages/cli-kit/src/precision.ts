import { isFasterInBfloat16, type Precision } from "@attend/runtime/precision";
import { writeNote } from "./output.ts";

/**
 * Passes `--precision` on to the engine of this process, which is not loaded yet, and of those that it starts; a note tells
 * where it makes no difference.
 */
export function usePrecision({
  precision,
  quiet,
}: {
  precision?: Precision;
  quiet?: boolean;
}): void {
  if (precision === undefined) return;
  process.env["ATTEND_PRECISION"] = precision;
  if (precision === "exact" || quiet === true || isFasterInBfloat16()) return;
  writeNote("note: --precision fast makes no difference on this processor: it has no AMX");
}
