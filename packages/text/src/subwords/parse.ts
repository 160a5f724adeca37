import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { parseBpe } from "../bpe/parse.ts";
import { parseUnigram } from "../unigram/parse.ts";
import type { Subwords } from "./subwords.ts";

const kindSchema = z.object({ kind: z.unknown() });

/**
 * Reads what `toJSON` of any vocabulary of subwords wrote; its `kind` tells which. A file without one is
 * a byte-pair encoding.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA as `parseBpe` and `parseUnigram` do, or where the kind is unknown
 */
export function parseSubwords(json: unknown, source = "the vocabulary"): Subwords {
  const kind = kindSchema.safeParse(json).data?.kind;
  if (kind === undefined || kind === "bpe") return parseBpe(json, source);
  if (kind === "unigram") return parseUnigram(json, source);
  const given = String(JSON.stringify(kind)).slice(0, 100);
  const message = `${source}: the kind of a vocabulary of subwords is "bpe" or "unigram", but ${given} was given; was it made by a newer version?`;
  throw new AttendError("BAD_DATA", message);
}
