import { type Alignment, loadTranslator, type Translation } from "@attend/translator";
import { z } from "zod";
import type { Translation as Answer } from "../schemas/translations.ts";
import { batchTask } from "./task.ts";

/** Translates lists of texts. */
export const task = batchTask({
  model: z.object({
    folder: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
  }),
  options: z.object({
    beamWidth: z.number().optional(),
    nBest: z.number(),
    attention: z.boolean(),
  }),
  input: z.array(z.string()),
  load: ({ folder, from, to }) => loadTranslator({ model: folder, from, to }),
  close: (translator) => translator.close(),
  async *run(translator, inputs, options) {
    const translations = (await translator.translateAll(inputs.flat(), options)).values();
    const { from, to } = translator;
    for (const texts of inputs) {
      const translated = texts.flatMap(() => translations.next().value ?? []).map(answerOf);
      yield { translations: translated, from, to };
    }
  },
});

function answerOf(translation: Translation): Answer {
  const { source, text, score, logProbability, confident, alternatives, alignments } = translation;
  return {
    source,
    text,
    score,
    logProbability,
    confident,
    alternatives: alternatives
      .slice(1)
      .map((each) => ({ text: each.text, score: each.score, logProbability: each.logProbability })),
    ...(alignments && { alignments: alignments.map(plainAlignment) }),
  };
}

function plainAlignment({ source, target, weights }: Alignment) {
  return { source: [...source], target: [...target], weights: weights.map((row) => [...row]) };
}
