import { defineModel } from "@attend/model-folder";
import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { createReader, readerConfigSchema } from "@attend/story-readers";
import { parseTokenizer, type Tokenizer } from "@attend/text";
import { z } from "zod";
import { declared } from "../model.ts";

/** What a reader knows: the words of stories and questions, and the answers that it may give. */
export interface StoryTokens {
  readonly words: Tokenizer;
  readonly answers: readonly string[];
}

const tokensSchema = z.strictObject({ words: z.unknown(), answers: z.array(z.string().min(1)) });

/** Model folders of bots that answer from stories. */
export const storyModels = defineModel({
  ...declared,
  config: z.strictObject({
    kind: z.literal("stories"),
    reader: readerConfigSchema,
    /** The logits are divided by it, so that the probabilities are right. */
    temperature: z.number().positive().default(1),
    /** Answers of at least this probability are confident. */
    threshold: z.number().min(0).max(1).default(1),
  }),
  tokens: {
    parse: parseTokens,
    toJSON: ({ words, answers }: StoryTokens) => ({ words: words.toJSON(), answers }),
  },
  build({ reader }, { words, answers }, random) {
    if (reader.vocabularySize === words.size && reader.answers === answers.length) {
      return createReader(reader, random);
    }
    const message = `config.json has ${reader.vocabularySize} words and ${reader.answers} answers, but vocabulary.json ${words.size} and ${answers.length}; copy the model again`;
    throw new AttendError("BAD_CONFIG", message);
  },
  kindOf: ({ reader }) => reader,
});

function parseTokens(json: unknown, file: string): StoryTokens {
  const { words, answers } = parseConfig(tokensSchema, json, file);
  return { words: parseTokenizer(words, file), answers };
}
