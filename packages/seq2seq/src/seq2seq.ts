import { lengthMask } from "@attend/attention";
import type { EncoderDecoder, SourceBatch } from "@attend/decoding";
import { AttendError, type Random, tf } from "@attend/runtime";
import { AttendingDecoder, type Seq2seqEncoding } from "./attending-decoder.ts";
import type { Seq2seqConfig } from "./config.ts";
import { FirstState } from "./first-state.ts";
import { SourceReader } from "./source-reader.ts";
import type { Seq2seqState } from "./state.ts";
import { TargetDecoder } from "./target-decoder.ts";
import { Words } from "./words.ts";

/**
 * A recurrent encoder-decoder (Sutskever et al. 2014; Cho et al. 2014), optionally with the attention of
 * Bahdanau et al. 2015, Luong et al. 2015 or Wu et al. 2016. Created by `createSeq2seq`.
 */
export class Seq2seq
  extends AttendingDecoder
  implements EncoderDecoder<Seq2seqEncoding, Seq2seqState>
{
  readonly config: Seq2seqConfig;
  readonly words: Words;
  readonly reader: SourceReader;
  readonly decoder: TargetDecoder;
  readonly first: FirstState;

  constructor(config: Seq2seqConfig, random?: Random) {
    super();
    this.config = config;
    this.words = new Words(config, random);
    this.reader = new SourceReader(config, random);
    const { units } = this.reader;
    this.decoder = new TargetDecoder(config, units, random);
    this.first = new FirstState(config.decoder.start, this.decoder.layers, units, random);
  }

  get memorySize(): number {
    return this.reader.units;
  }

  /**
   * Encodes sources. The caller owns the result.
   *
   * @throws AttendError BAD_SHAPE unless there is one length per row; BAD_ARGUMENT for an invalid length
   */
  encode(
    { tokens, lengths }: SourceBatch,
    options?: { random?: Random | undefined },
  ): Seq2seqEncoding {
    const [rows, positions] = tokens.shape;
    if (lengths.length !== rows) {
      throw new AttendError("BAD_SHAPE", `${lengths.length} lengths for ${rows} sources`);
    }
    return tf.tidy(() => {
      const random = options?.random;
      const words = this.words.ofSource(tokens, random);
      const { memory, summary, layers } = this.reader.read(words, lengths, random);
      const full = lengths.every((length) => length === positions);
      return {
        memory,
        summary,
        layers: this.config.decoder.start === "copy" ? layers : [],
        ...(full ? {} : { mask: lengthMask(lengths, positions) }),
      };
    });
  }
}
