import { loadRepairer } from "@attend/text-repair";
import { z } from "zod";
import { batchTask } from "./task.ts";

/** Restores spelling, casing, punctuation and numbers of texts. */
export const task = batchTask({
  model: z.object({ from: z.string() }),
  options: z.object({}),
  input: z.string(),
  load: ({ from }) => loadRepairer({ language: from }),
  close: (repairer) => repairer.dispose(),
  async *run(repairer, texts, { signal }) {
    for (const text of texts) yield await repairer.repair(text, { signal });
  },
});
