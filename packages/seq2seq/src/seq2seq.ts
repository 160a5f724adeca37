import { lengthMask } from "@attend/attention";
import type { EncoderDecoder, SourceBatch } from "@attend/decoding";
import { Module } from "@attend/nn";
import type { CellState } from "@attend/recurrent";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";
import { FirstState } from "./first-state.ts";
import { SourceReader } from "./source-reader.ts";
import { reordered, type Seq2seqState } from "./state.ts";
import { TargetDecoder } from "./target-decoder.ts";
import { Words } from "./words.ts";

/** Encoded sources. A type rather than an interface, so that `tf.tidy` may return it. */
export type Seq2seqEncoding = {
  /** `[rows, positions, units]`; zero past a source's length. */
  readonly memory: tf.Tensor3D;
  /** `[rows, positions]`, 1 up to a source's length; absent without padding. */
  readonly mask?: tf.Tensor2D;
  /** Each source as one vector, `[rows, units]`. */
  readonly summary: tf.Tensor2D;
  /** The last state of each layer, for a decoder that copies them; empty for others. */
  readonly layers: CellState[];
};

/**
 * A recurrent encoder-decoder (Sutskever et al. 2014; Cho et al. 2014), optionally with the attention of
 * Bahdanau et al. 2015, Luong et al. 2015 or Wu et al. 2016. Created by `createSeq2seq`.
 */
export class Seq2seq extends Module implements EncoderDecoder<Seq2seqEncoding, Seq2seqState> {
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

  /** Number of tokens in the target vocabulary. */
  get vocabularySize(): number {
    return this.config.targetVocabularySize;
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

  /** @throws AttendError BAD_SHAPE if the encoding is from another model */
  start({ memory, mask, summary, layers }: Seq2seqEncoding): Seq2seqState {
    const { decoder, reader } = this;
    const [rows, positions, units] = memory.shape;
    if (units !== reader.units || summary.shape[1] !== reader.units) {
      throw new AttendError(
        "BAD_SHAPE",
        `the encoding has ${units} units (summary ${summary.shape[1]}), the decoder expects ${reader.units}`,
      );
    }
    return tf.tidy(() => {
      const { attention } = decoder;
      const feed = decoder.firstFeed(rows);
      const moving = {
        layers: this.first.forward(summary, layers),
        attention: attention?.start(rows, positions) ?? {},
        ...(feed === undefined ? {} : { feed }),
      };
      // Clones, because state and encoding are disposed independently.
      const attentionMemory = attention && {
        keys: attention.score.projectMemory(memory).clone(),
        values: memory.clone(),
        ...(mask === undefined ? {} : { mask: mask.clone() }),
      };
      const fixed = {
        ...(attentionMemory && { memory: attentionMemory }),
        ...(this.config.decoder.summaryEveryStep && { summary: summary.clone() }),
      };
      return { rows, moving, fixed };
    });
  }

  step(tokens: tf.Tensor1D, { rows, moving, fixed }: Seq2seqState) {
    return tf.tidy(() => {
      const result = this.decoder.step(this.words.ofStep(tokens), moving, fixed);
      return {
        logits: this.project(result.features),
        state: { rows, moving: result.moving, fixed },
        ...(result.weights && { attention: result.weights }),
      };
    });
  }

  features(
    tokens: tf.Tensor2D,
    { moving, fixed }: Seq2seqState,
    options?: { random?: Random | undefined },
  ) {
    const random = options?.random;
    const words = this.words.ofTarget(tokens, random);
    const { features, weights } = this.decoder.sequence(words, moving, fixed, random);
    return { features, ...(weights && { attention: weights }) };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.words.project(features);
  }

  reorder(state: Seq2seqState, rows: tf.Tensor1D): Seq2seqState {
    return reordered(state, rows);
  }
}
