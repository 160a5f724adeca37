import { parseConfig } from "@attend/runtime/config";
import { wordPieceSchema } from "./json.ts";
import { WordPiece } from "./wordpiece.ts";

/**
 * Reads the `tokenizer.json` of a BERT model, as Hugging Face's tokenizers write it.
 *
 * @param source names the JSON in errors
 * @throws AttendError BAD_DATA naming each key that is missing or not BERT's
 */
export function parseWordPiece(json: unknown, source = "the tokenizer"): WordPiece {
  const remedy = "use the tokenizer.json of a BERT model";
  const parsed = parseConfig(wordPieceSchema, json, source, { code: "BAD_DATA", remedy });
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
