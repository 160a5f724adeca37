import type { Random, tf } from "@attend/runtime";

/**
 * A decoder's state between two steps, of so many rows (sequences): tensors and plain numbers in records and lists.
 * What rows share may be in it once. A decoder's own is a type, not an interface, so that `tf.tidy` may return it.
 */
export type DecoderState = tf.TensorContainerObject & { readonly rows: number };

/**
 * What greedy search, beam search and sampling know of a model: an RNN and a Transformer decode
 * through the same code. `step` repeated equals `features`, projected.
 */
export interface Decoder<Encoding, State extends DecoderState> {
  readonly vocabularySize: number;
  /** The state before the first token. The caller owns its tensors. */
  start(encoding: Encoding, options?: { random?: Random | undefined }): State;
  /**
   * @param tokens `[rows]` int32, the token each sequence has just been given
   * @returns logits `[rows, vocabulary]`, the next state, and where the model looked, `[rows, positions]`
   */
  step(
    tokens: tf.Tensor1D,
    state: State,
  ): { logits: tf.Tensor2D; state: State; attention?: tf.Tensor2D };
  /**
   * Teacher forcing over `tokens` `[rows, steps]`, from a state that `start` gave. Call it inside `tf.tidy`.
   *
   * @param options.random switches dropout on
   * @returns features `[rows, steps, size]`, attention `[rows, steps, positions]`; and, if the decoder can go on from
   *   there, as a language model does, the state after the tokens
   */
  features(
    tokens: tf.Tensor2D,
    state: State,
    options?: { random?: Random | undefined },
  ): { features: tf.Tensor3D; attention?: tf.Tensor3D; state?: State };
  /** `[rows, size] -> [rows, vocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D;
  /**
   * Row `i` of the result continues row `rows[i]`; there may be more or fewer rows than before. `rows` is
   * int32.
   */
  reorder(state: State, rows: tf.Tensor1D): State;
}

/** Source sequences side by side. */
export interface SourceBatch {
  /** `[rows, positions]` int32; what stands behind a sequence's length is not looked at. */
  readonly tokens: tf.Tensor2D;
  /** Of the sources, each at least 1. */
  readonly lengths: readonly number[];
}

/** A decoder with the encoder it listens to: all that translation knows of a model. */
export interface EncoderDecoder<Encoding, State extends DecoderState>
  extends Decoder<Encoding, State> {
  /** What the decoder starts from; the caller owns its tensors. `random` switches dropout on. */
  encode(source: SourceBatch, options?: { random?: Random | undefined }): Encoding;
}

/** The ids that frame a sequence. */
export interface SpecialTokens {
  readonly start: number;
  readonly end: number;
  /** Never chosen: padding, unknown. */
  readonly suppressed: readonly number[];
}

/** One decoded sequence. */
export interface Hypothesis {
  /** Without start and end. */
  readonly tokens: readonly number[];
  /** Sum of the tokens' log-probabilities, that of the end included where it was reached. */
  readonly logProbability: number;
  /** What the hypotheses were ranked by: the log-probability under the length and coverage penalties. */
  readonly score: number;
  /** False where the maximal length cut it off. */
  readonly ended: boolean;
  /** For each token where the model looked when it chose it (sums to 1); absent unless asked for. */
  readonly attention?: readonly Float32Array[];
}
