import { trainFaq } from "@attend/chatbot-qa/training";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { z } from "zod";
import { batchTask } from "./task.ts";

/** Teaches a bot the questions and answers of a file, and writes its model folder. */
export const task = batchTask({
  model: z.object({}),
  options: z.object({}),
  input: z.object({ file: z.string(), out: z.string() }),
  load: () => loadSentenceVectors(),
  close: (vectors) => vectors.dispose(),
  async *run(vectors, inputs, { signal }) {
    for (const { file, out } of inputs) {
      const { pairs, questions, warnings } = await trainFaq(file, vectors, { out, signal });
      yield { answers: pairs, questions, warnings };
    }
  },
});
