import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type ReaderConfigInput, readerConfigSchema } from "./config.ts";
import type { StoryReader } from "./reader.ts";
import { AttentionLstm } from "./readers/attention-lstm.ts";
import { Hierarchical } from "./readers/hierarchical.ts";
import { LstmReader } from "./readers/lstm-reader.ts";
import { MemoryNetwork } from "./readers/memory-network.ts";
import { QueryReduction } from "./readers/query-reduction.ts";
import { UniversalReader } from "./readers/universal-reader.ts";

/**
 * Creates a reader, for example `{ kind: "memory-network", vocabularySize: 30, answers: 6 }`.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createReader(config: ReaderConfigInput, random?: Random): StoryReader {
  const parsed = parseConfig(readerConfigSchema, config, "reader config");
  switch (parsed.kind) {
    case "lstm":
      return new LstmReader(parsed, random);
    case "attention-lstm":
      return new AttentionLstm(parsed, random);
    case "hierarchical":
      return new Hierarchical(parsed, random);
    case "memory-network":
      return new MemoryNetwork(parsed, random);
    case "query-reduction":
      return new QueryReduction(parsed, random);
    case "universal-transformer":
      return new UniversalReader(parsed, random);
  }
}
