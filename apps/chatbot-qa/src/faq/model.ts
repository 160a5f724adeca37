import { relative, resolve } from "node:path";
import type { FaqPair } from "@attend/datasets";
import { defineModel } from "@attend/model-folder";
import { createMatcherNetwork, matcherConfigSchema } from "@attend/retrieval";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { declared } from "../model.ts";

/** What a FAQ bot was taught. */
export interface Taught {
  readonly pairs: readonly FaqPair[];
  /** The path of its file from the model's folder; see {@link taughtFile}. */
  readonly file: string;
  /** Wordings of each pair's question that are not in the file. */
  readonly wordings: readonly (readonly string[])[];
}

/** The path from the current folder of the file that the model of a folder was taught from. */
export function taughtFile({ file }: Taught, folder: string): string {
  return relative("", resolve(folder, file));
}

/** The pairs with all wordings. */
export function allPairs({ pairs, wordings }: Taught) {
  return pairs.map(({ questions, answer }, i) => ({
    questions: [...questions, ...(wordings[i] ?? [])],
    answer,
  }));
}

const text = z.string().min(1);
const pairSchema = z.strictObject({
  questions: z.array(text).min(1),
  lines: z.array(z.number().int().positive()).min(1),
  answer: text,
});
const taughtSchema = z.strictObject({
  file: text,
  pairs: z.array(pairSchema).min(1),
  wordings: z.array(z.array(text)),
});

/** Model folders of FAQ bots. */
export const faqModels = defineModel({
  ...declared,
  config: z.strictObject({ kind: z.literal("faq"), matcher: matcherConfigSchema }),
  tokens: { parse: parseTaught, toJSON: (taught: Taught) => taught },
  build: ({ matcher }, taught) => createMatcherNetwork(matcher, allPairs(taught)),
  kindOf: (config) => config,
});

function parseTaught(json: unknown, file: string): Taught {
  const { data } = taughtSchema.safeParse(json);
  if (data !== undefined) return data;
  const message = `${file} does not contain the questions and answers of a model; copy it again, or train the model again`;
  throw new AttendError("BAD_DATA", message);
}
