import type { Random, tf } from "@attend/runtime";

/**
 * The state of a decoder between two steps: tensors and plain numbers in records and lists. `rows` is
 * the number of sequences; tensors that rows share need not be repeated. Decoders define theirs as a
 * type rather than an interface, so that `tf.tidy` may return it.
 */
export type DecoderState = tf.TensorContainerObject & { readonly rows: number };

/**
 * The contract of a decoder: RNNs and Transformers train and decode with the same code. Calling `step`
 * repeatedly equals `features` followed by `project`.
 */
export interface Decoder<Encoding, State extends DecoderState> {
  readonly vocabularySize: number;
  /** The state before the first token. The caller owns its tensors. */
  start(encoding: Encoding, options?: { random?: Random | undefined }): State;
  /**
   * @param tokens `[rows]` int32, the last token of each sequence
   * @returns logits `[rows, vocabulary]`, the next state, and, from decoders with attention, the weights
   *   `[rows, positions]`
   */
  step(
    tokens: tf.Tensor1D,
    state: State,
  ): { logits: tf.Tensor2D; state: State; attention?: tf.Tensor2D };
  /**
   * Teacher forcing over `tokens` `[rows, steps]`, from a state of `start`. Call it inside `tf.tidy`.
   *
   * @param options.random enables dropout
   * @returns features `[rows, steps, size]`, attention `[rows, steps, positions]`; and, if the decoder
   *   can continue from there, as a language model does, the state after the tokens
   */
  features(
    tokens: tf.Tensor2D,
    state: State,
    options?: { random?: Random | undefined },
  ): { features: tf.Tensor3D; attention?: tf.Tensor3D; state?: State };
  /** `[rows, size] -> [rows, vocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D;
  /**
   * Row `i` of the result continues row `rows[i]` (int32); there may be more or fewer rows than before.
   */
  reorder(state: State, rows: tf.Tensor1D): State;
}

/** A batch of source sequences. */
export interface SourceBatch {
  /** `[rows, positions]` int32; positions past a sequence's length are ignored. */
  readonly tokens: tf.Tensor2D;
  /** Length of each source, at least 1. */
  readonly lengths: readonly number[];
}

/** A decoder with its encoder, as in translation. */
export interface EncoderDecoder<Encoding, State extends DecoderState>
  extends Decoder<Encoding, State> {
  /** Encodes sources; the caller owns the result's tensors. `random` enables dropout. */
  encode(source: SourceBatch, options?: { random?: Random | undefined }): Encoding;
}

/** Ids of the tokens that decoding has to know. */
export interface DecodingTokens {
  readonly start: number;
  readonly end: number;
  /** Tokens that are never chosen, such as padding and unknown. */
  readonly suppressed: readonly number[];
}

/** One decoded sequence. */
export interface Hypothesis {
  /** Without start and end. */
  readonly tokens: readonly number[];
  /** Sum of the tokens' log-probabilities, including the end if reached. */
  readonly logProbability: number;
  /** The log-probability with length and coverage penalties, by which hypotheses are ranked. */
  readonly score: number;
  /** False if it was cut off at the maximum length. */
  readonly ended: boolean;
  /** The attention weights of each token (they sum to 1), if requested. */
  readonly attention?: readonly Float32Array[];
}
