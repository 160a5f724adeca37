import { type AnswerResult, loadAnswerer } from "@attend/visual-qa";
import { z } from "zod";
import type { Answer } from "../schemas/answers.ts";
import { gridOf } from "./grid.ts";
import { batchTask } from "./task.ts";

/** Answers questions about photos, given as paths. An input fails if one of its questions does. */
export const task = batchTask({
  model: z.object({ folder: z.string().optional() }),
  options: z.object({ nBest: z.number().optional(), attention: z.boolean() }),
  input: z.object({ photo: z.string(), questions: z.array(z.string()) }),
  load: ({ folder }) => loadAnswerer({ model: folder }),
  close: (answerer) => answerer.close(),
  async *run(answerer, inputs, options) {
    const rows = inputs.flatMap(({ photo, questions }) =>
      questions.map((question) => ({ photo, question })),
    );
    const outcomes = answerer.askAll(rows, options);
    for (const { questions } of inputs) {
      const answers: Answer[] = [];
      let failure: Error | undefined;
      for (const _ of questions) {
        const { value } = await outcomes.next();
        if (value?.result !== undefined) answers.push(answerOf(value.result));
        else failure ??= value?.error;
      }
      yield failure ?? answers;
    }
  },
});

function answerOf({ attention, alternatives, picture: _, ...answer }: AnswerResult): Answer {
  return {
    ...answer,
    alternatives: [...alternatives],
    ...(attention && { hops: attention.hops.map((hop) => gridOf(hop, attention.grid)) }),
  };
}
