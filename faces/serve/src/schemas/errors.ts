import { z } from "zod";

/** The body of every answer that is no success; the message tells what to do. */
export const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .meta({ id: "Error" });
/** See {@link errorSchema}. */
export type ErrorBody = z.output<typeof errorSchema>;
