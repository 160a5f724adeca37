import { z } from "zod";
import { figures } from "../figures/index.ts";
import { figureNames } from "../schemas/figures.ts";
import { streamTask } from "./task.ts";
import { telling } from "./telling.ts";

/** Computes figures, and tells how far it is. */
export const task = streamTask({
  model: z.object({}),
  options: z.object({}),
  input: z.object({ name: z.enum(figureNames), input: z.unknown() }),
  // Figures load and free their own models.
  load: async () => undefined,
  close: () => {},
  stream: (_, { name, input }, { signal }) =>
    telling((tell: (progress: { done: number; total: number }) => void) =>
      figures[name](input, { signal, onProgress: (done, total) => tell({ done, total }) }),
    ),
});
