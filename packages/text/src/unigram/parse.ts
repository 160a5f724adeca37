import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { maxTokens, readVocabulary, tokenTableShape } from "../subwords/shape.ts";
import { Unigram } from "./unigram.ts";

const schema = z.strictObject({
  kind: z.literal("unigram"),
  ...tokenTableShape,
  scores: z.array(z.number().min(-1e6).max(0)).max(maxTokens),
});
const example =
  '{ "kind": "unigram", "normalization": "none", "special": [], "tokens": ["a", ...], "scores": [-2.5, ...] }';

/**
 * Reads what `Unigram.toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA where the shape is wrong, a token occurs twice, or there are more or
 *   fewer scores than tokens
 */
export function parseUnigram(json: unknown, source = "the vocabulary"): Unigram {
  return readVocabulary(json, source, {
    schema,
    example,
    make(checked) {
      const [tokens, scores] = [checked.tokens.length, checked.scores.length];
      if (tokens === scores) return new Unigram(checked);
      const message = `there are ${tokens} tokens but ${scores} scores; copy the file again, or learn the vocabulary again`;
      throw new AttendError("BAD_DATA", message);
    },
  });
}
