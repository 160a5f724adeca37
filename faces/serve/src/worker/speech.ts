import { formatWav } from "@attend/audio";
import { loadSynthesizer } from "@attend/speech-engines";
import { z } from "zod";
import { batchTask } from "./task.ts";

/** Speaks texts. */
export const task = batchTask({
  model: z.object({ to: z.string(), synthesizer: z.string().optional() }),
  options: z.object({ to: z.string(), voice: z.string().optional() }),
  input: z.string(),
  load: ({ to, synthesizer }) => loadSynthesizer({ language: to, name: synthesizer }),
  close: (synthesizer) => synthesizer.close(),
  async *run(synthesizer, texts, { to, voice, signal }) {
    for (const text of texts) {
      const choice = { language: to, ...(voice !== undefined && { voice }) };
      yield { wav: formatWav(await synthesizer.say(text, { ...choice, signal })) };
    }
  },
});
