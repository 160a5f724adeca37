import { z } from "zod";
import { readVocabulary, tokenTableShape } from "../subwords/shape.ts";
import { Bpe } from "./bpe.ts";

const schema = z.strictObject({ kind: z.literal("bpe").optional(), ...tokenTableShape });
const example = '{ "normalization": "none", "special": [], "tokens": ["a", ...] }';

/**
 * Reads what `Bpe.toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA where the shape is wrong, a token occurs twice, or one could never be
 *   used
 */
export function parseBpe(json: unknown, source = "the vocabulary"): Bpe {
  return readVocabulary(json, source, { schema, example, make: (checked) => new Bpe(checked) });
}
