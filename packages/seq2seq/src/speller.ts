import type { Random } from "@attend/runtime";
import { AttendingDecoder } from "./attending-decoder.ts";
import type { Seq2seqConfig } from "./config.ts";
import { FirstState } from "./first-state.ts";
import { TargetDecoder } from "./target-decoder.ts";
import { Words } from "./words.ts";

/**
 * A decoder that attends to an encoding made elsewhere, such as the listener's of speech (Chan et al. 2016: the speller of
 * listen, attend and spell). What the configuration says of the source does not matter.
 */
export class Speller extends AttendingDecoder {
  readonly config: Seq2seqConfig;
  readonly memorySize: number;
  readonly words: Words;
  readonly decoder: TargetDecoder;
  readonly first: FirstState;

  /** @param memorySize size of each position of the encoding, and of its summary */
  constructor(config: Seq2seqConfig, memorySize: number, random?: Random) {
    super();
    this.config = config;
    this.memorySize = memorySize;
    this.words = new Words(config, random);
    this.decoder = new TargetDecoder(config, memorySize, random);
    this.first = new FirstState(config.decoder.start, this.decoder.layers, memorySize, random);
  }
}
