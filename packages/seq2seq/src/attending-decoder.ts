import type { Decoder } from "@attend/decoding";
import { Module } from "@attend/nn";
import type { CellState } from "@attend/recurrent";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Seq2seqConfig } from "./config.ts";
import type { FirstState } from "./first-state.ts";
import { reordered, type Seq2seqState } from "./state.ts";
import type { TargetDecoder } from "./target-decoder.ts";
import type { Words } from "./words.ts";

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

/** The decoder of an encoder-decoder, whatever encodes: it attends to the encoding's positions. */
export abstract class AttendingDecoder
  extends Module
  implements Decoder<Seq2seqEncoding, Seq2seqState>
{
  abstract readonly config: Seq2seqConfig;
  abstract readonly words: Words;
  abstract readonly decoder: TargetDecoder;
  abstract readonly first: FirstState;
  /** Size of each position of the encoding, and of its summary. */
  abstract readonly memorySize: number;

  /** Number of tokens in the target vocabulary. */
  get vocabularySize(): number {
    return this.config.targetVocabularySize;
  }

  /** @throws AttendError BAD_SHAPE if the encoding is from another model */
  start({ memory, mask, summary, layers }: Seq2seqEncoding): Seq2seqState {
    const { decoder, memorySize } = this;
    const [rows, positions, units] = memory.shape;
    if (units !== memorySize || summary.shape[1] !== memorySize) {
      throw new AttendError(
        "BAD_SHAPE",
        `the encoding has ${units} units (summary ${summary.shape[1]}), the decoder expects ${memorySize}`,
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
