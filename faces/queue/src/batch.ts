import { z } from "zod";

/** What a job of BullMQ has: consecutive items. */
export const batchSchema = z.object({
  /** The number of the first item among all, from 0. */
  first: z.number(),
  items: z.array(z.record(z.string(), z.unknown())),
});
/** See {@link batchSchema}. */
export type Batch = z.output<typeof batchSchema>;
