import { type Attention, type CaptionResult, loadCaptioner } from "@attend/image-captioning";
import { z } from "zod";
import type { Caption } from "../schemas/captions.ts";
import { gridOf } from "./grid.ts";
import { batchTask } from "./task.ts";

/** Captions photos, given as paths. */
export const task = batchTask({
  model: z.object({ folder: z.string().optional() }),
  options: z.object({
    beamWidth: z.number().optional(),
    nBest: z.number().optional(),
    attention: z.boolean(),
  }),
  input: z.string(),
  load: ({ folder }) => loadCaptioner({ model: folder }),
  close: (captioner) => captioner.close(),
  async *run(captioner, photos, options) {
    for await (const { result, error } of captioner.captionAll(photos, options)) {
      yield error ?? captionOf(result);
    }
  },
});

function captionOf({ attention, alternatives, ...best }: CaptionResult): Omit<Caption, "model"> {
  const { caption, logProbability, width, height } = best;
  return {
    caption,
    logProbability,
    ...(attention && { words: wordsOf(attention) }),
    alternatives: alternatives.map((each) => ({
      caption: each.caption,
      logProbability: each.logProbability,
    })),
    width,
    height,
  };
}

function wordsOf({ words, grid, weights }: Attention): Caption["words"] {
  return words.map((word, i) => ({ word, attention: gridOf(weights[i] ?? [], grid) }));
}
