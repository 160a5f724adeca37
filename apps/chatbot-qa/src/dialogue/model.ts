import { createDialogue, dialogueNetworkSchema } from "@attend/dialogue";
import { defineModel } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { parseTokenizer, type SpecialTokens, type Tokenizer } from "@attend/text";
import { z } from "zod";
import { declared } from "../model.ts";

/** How a bot replies; the defaults are those of `reply` of `@attend/dialogue`. */
const replySchema = z.strictObject({
  temperature: z.number().positive().optional(),
  topP: z.number().gt(0).max(1).optional(),
  topK: z.number().int().positive().optional(),
  minLength: z.number().int().nonnegative().optional(),
  /** How much replies that fit everything are avoided. */
  mutualInformation: z.number().nonnegative().optional(),
  /** Whether English that is heard gets a capital and a mark at its end, as in the conversations. */
  punctuate: z.boolean().default(false),
  /** Beginnings of words that are never said, or quotation marks, since the titles in them are made up. */
  never: z.array(z.string().regex(/^(?:\p{L}+|")$/u, 'must be letters or "')).default([]),
});

/** What a model's config.json has besides its kind. */
export const dialogueModelSchema = z.strictObject({
  network: dialogueNetworkSchema.prefault({}),
  reply: replySchema.prefault({}),
  /** The most tokens of a turn, heard or said. */
  maxTokens: z.number().int().min(2).default(40),
});

/** Model folders of bots that converse. */
export const dialogueModels = defineModel({
  ...declared,
  config: dialogueModelSchema.extend({ kind: z.literal("dialogue") }),
  tokens: { parse: parseTokenizer, toJSON: (tokens: Tokenizer) => tokens.toJSON() },
  build: ({ network }, tokens, random) => {
    const { end } = framed(tokens);
    return createDialogue({ ...network, vocabularySize: tokens.size, end }, random);
  },
  kindOf: ({ network: { network, ...rest } }) => {
    return { ...rest, network: { ...network, dropout: 0, embeddingDropout: 0 } };
  },
});

/** @throws AttendError BAD_DATA if the vocabulary has no tokens that begin and end turns */
export function framed({ special }: Tokenizer): SpecialTokens {
  if (special !== undefined) return special;
  const message =
    "the vocabulary lacks the tokens that begin and end turns; copy the model again, or train it again";
  throw new AttendError("BAD_DATA", message);
}
