import { parseConfig } from "@attend/runtime/config";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { z } from "zod";
import { Bpe } from "./bpe/bpe.ts";
import { Characters } from "./characters.ts";
import { maxSize, maxSpecial, maxTokenLength } from "./subwords/options.ts";
import { normalizations } from "./subwords/pretokenize.ts";
import { byteTokens } from "./subwords/subwords.ts";
import { isWellFormed } from "./subwords/utf8.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { Unigram } from "./unigram/unigram.ts";
import { specialNames, Words } from "./words/words.ts";

const text = z.string().min(1);
const character = text.refine((each) => [...each].length === 1, "it is not one character");
const maxTokens = maxSize - byteTokens - maxSpecial;

/** The common keys of all subword tokenizers' files, in the order in which they are written. */
const subwords = {
  normalization: z.enum(normalizations),
  lowerCase: z.boolean().optional(),
  special: z.array(text.max(maxTokenLength)).max(maxSpecial),
  bytes: z.array(z.number().int().min(0).max(255)).max(256).optional(),
  tokens: z
    // A character has one or two code units.
    .array(text.max(2 * maxTokenLength).refine(isWellFormed, "it is half a character"))
    .max(maxTokens),
};

const words = z
  .array(text)
  .refine(
    (tokens) => specialNames.every((name, id) => tokens[id] === name),
    `a tokenizer of words begins with ${specialNames.join(", ")}`,
  );

const schema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("words"), tokens: words }),
    z.strictObject({ kind: z.literal("characters"), tokens: z.array(character).min(1) }),
    z.strictObject({ kind: z.literal("bpe"), ...subwords }),
    z.strictObject({
      kind: z.literal("unigram"),
      ...subwords,
      scores: z.array(z.number().min(-1e6).max(0)).max(maxTokens),
    }),
  ],
  "a tokenizer's kind is one of words, characters, bpe, unigram",
);

/**
 * Reads the JSON of any tokenizer, as its `kind` says.
 *
 * @param source names the JSON in errors
 * @throws AttendError BAD_DATA naming each wrong key, or if a token occurs twice or could never be used
 */
export function parseTokenizer(json: unknown, source = "the tokenizer"): Tokenizer {
  const remedy = "copy the file again, or train the model again";
  const checked = parseConfig(schema, json, source, { code: "BAD_DATA", remedy });
  try {
    return make(checked);
  } catch (thrown) {
    throw new AttendError("BAD_DATA", `${source}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function make(json: z.output<typeof schema>): Tokenizer {
  switch (json.kind) {
    case "words":
      return new Words(json.tokens.slice(specialNames.length));
    case "characters":
      return new Characters(json.tokens);
    case "bpe":
      return new Bpe(json);
    case "unigram":
      return new Unigram(json);
  }
}
