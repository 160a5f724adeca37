import { AttendError } from "@attend/runtime/errors";
import type { z } from "zod";

/** @throws AttendError BAD_CONFIG naming each wrong field of `what`. */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new AttendError("BAD_CONFIG", `${what}: ${faults.join("; ")}`);
}
