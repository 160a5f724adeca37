import { z } from "zod";

/** The parts of Hugging Face's `tokenizer.json` that matter for the ids of a text. */
export const wordPieceSchema = z.object({
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

/** What `parseWordPiece` reads. */
export type WordPieceJson = z.output<typeof wordPieceSchema>;
