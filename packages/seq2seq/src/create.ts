import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type Seq2seqConfigInput, seq2seqConfigSchema } from "./config.ts";
import { Seq2seq } from "./seq2seq.ts";

/**
 * Creates a recurrent encoder-decoder, for example from
 * `{ ...bahdanau, sourceVocabularySize, targetVocabularySize }`.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createSeq2seq(config: Seq2seqConfigInput, random?: Random): Seq2seq {
  return new Seq2seq(parseConfig(seq2seqConfigSchema, config, "seq2seq config"), random);
}
