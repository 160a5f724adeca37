import { RecordingRecognizer } from "@attend/interpreter";
import { z } from "zod";
import type { Recognition } from "../schemas/recognitions.ts";
import { batchTask } from "./task.ts";

/** Writes down what is said in recordings, given as paths. */
export const task = batchTask({
  model: z.object({
    from: z.string(),
    engine: z.string().optional(),
    nBest: z.number().optional(),
  }),
  options: z.object({}),
  input: z.string(),
  load: (choice) => RecordingRecognizer.load(choice),
  close: (recognizer) => recognizer.close(),
  async *run(recognizer, recordings, { signal }): AsyncGenerator<Recognition> {
    for (const recording of recordings) {
      const { text, segments } = await recognizer.recognize(recording, {
        signal,
        warn: console.warn,
      });
      yield { text, segments: segments.map(segmentOf), engine: recognizer.name };
    }
  },
});

function segmentOf({
  alternatives,
  ...segment
}: Awaited<ReturnType<RecordingRecognizer["recognize"]>>["segments"][number]) {
  return { ...segment, ...(alternatives && { alternatives: [...alternatives] }) };
}
