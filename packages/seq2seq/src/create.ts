import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type Seq2seqConfigInput, seq2seqConfigSchema } from "./config.ts";
import { Seq2seq } from "./seq2seq.ts";

/**
 * A recurrent encoder-decoder from a config: `{ ...bahdanau, sourceVocabularySize, targetVocabularySize }`.
 *
 * @param random decides the first weights; without it they are zero, for weights that are loaded
 * @throws AttendError BAD_CONFIG naming each wrong key; BAD_ARGUMENT where `plain-dot` attention gets
 *   sizes that differ
 */
export function createSeq2seq(config: Seq2seqConfigInput, random?: Random): Seq2seq {
  return new Seq2seq(parseConfig(seq2seqConfigSchema, config, "seq2seq config"), random);
}
