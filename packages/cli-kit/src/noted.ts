import { writeNote } from "./output.ts";

/** Notes the warnings of what was read, and returns it. */
export async function noted<Read extends { readonly warnings: readonly string[] }>(
  reading: Promise<Read>,
): Promise<Read> {
  const read = await reading;
  for (const warning of read.warnings) writeNote(`warning: ${warning}`);
  return read;
}
