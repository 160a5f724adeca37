import { z } from "zod";
import { language } from "./fields.ts";

/** `POST /v1/repairs`. */
export const repairRequestSchema = z
  .object({
    text: z.string().max(20_000),
    from: language.optional().meta({ description: "the text's language; default en" }),
  })
  .meta({ id: "RepairRequest" });
/** See {@link repairRequestSchema}. */
export type RepairRequest = z.input<typeof repairRequestSchema>;

/** A difference, and why; `start` and `end` are where `to` is in the repaired text. */
export const changeSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    reason: z.string(),
    start: z.number().int(),
    end: z.number().int(),
  })
  .meta({ id: "Change" });
/** See {@link changeSchema}. */
export type Change = z.output<typeof changeSchema>;

/** A text with its spelling, casing, punctuation and figures repaired. */
export const repairSchema = z
  .object({ text: z.string(), sentences: z.array(z.string()), changes: z.array(changeSchema) })
  .meta({ id: "Repair" });
/** See {@link repairSchema}. */
export type Repair = z.output<typeof repairSchema>;
