import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { WordPiece } from "./wordpiece.ts";

/** The parts of Hugging Face's `tokenizer.json` that matter for the ids of a text. */
const schema = z.object({
  added_tokens: z.array(z.object({ content: z.string().min(1) })).default([]),
  normalizer: z.object({
    type: z.literal("BertNormalizer"),
    clean_text: z.boolean(),
    handle_chinese_chars: z.boolean(),
    /** By default like `lowercase`. */
    strip_accents: z.boolean().nullable(),
    lowercase: z.boolean(),
  }),
  pre_tokenizer: z.object({ type: z.literal("BertPreTokenizer") }),
  model: z.object({
    type: z.literal("WordPiece").optional(),
    unk_token: z.literal("[UNK]"),
    continuing_subword_prefix: z.literal("##"),
    max_input_chars_per_word: z.number().int().positive(),
    vocab: z.record(z.string(), z.number().int().nonnegative()),
  }),
});

/**
 * Reads the `tokenizer.json` of a BERT model, as Hugging Face's tokenizers write it.
 *
 * @param source names the JSON in errors
 * @throws AttendError BAD_DATA naming each key that is missing or not BERT's
 */
export function parseWordPiece(json: unknown, source = "the tokenizer"): WordPiece {
  const remedy = "use the tokenizer.json of a BERT model";
  const parsed = parseConfig(schema, json, source, { code: "BAD_DATA", remedy });
  const { normalizer, model, added_tokens: added } = parsed;
  return new WordPiece({
    vocabulary: new Map(Object.entries(model.vocab)),
    normalization: {
      cleanText: normalizer.clean_text,
      splitChinese: normalizer.handle_chinese_chars,
      stripAccents: normalizer.strip_accents ?? normalizer.lowercase,
      lowerCase: normalizer.lowercase,
    },
    special: added.map(({ content }) => content),
    maxWordLength: model.max_input_chars_per_word,
  });
}
