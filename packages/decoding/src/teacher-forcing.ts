import { crossEntropy } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { Decoder, DecoderState, DecodingTokens } from "./decoder.ts";
import { suppression } from "./state.ts";

/** A training batch of a decoder. A type rather than an interface, so that `tf.dispose` accepts it. */
export type TeacherForcing = {
  /** `[rows, steps]` int32: the start and then the tokens. */
  readonly inputs: tf.Tensor2D;
  /** `[targets]` int32: the tokens and then the end, row by row, without padding. */
  readonly targets: tf.Tensor1D;
  /** `[targets]` int32: indices of the targets in `rows * steps`; absent without padding. */
  readonly positions?: tf.Tensor1D;
  /** `[targets]`: weights in the loss; absent if all are equal. */
  readonly weights?: tf.Tensor1D;
  /** Number of targets in each row. */
  readonly lengths: number[];
};

/** Options of {@link teacherForcing}. */
export interface TeacherForcingOptions {
  /** Longer sequences are cut off, and then have no end as a target. */
  readonly maxSteps?: number | undefined;
  /** Weight of each sequence's targets; a weight of 1 for all gives the mean over the targets. */
  readonly weights?: readonly number[] | undefined;
}

/**
 * Inputs and targets for teacher forcing (Williams & Zipser 1989), from sequences without start and
 * end. The caller disposes them with `tf.dispose`.
 */
export function teacherForcing(
  sequences: readonly (readonly number[])[],
  { start, end }: Pick<DecodingTokens, "start" | "end">,
  { maxSteps, weights }: TeacherForcingOptions = {},
): TeacherForcing {
  const targets = sequences.map((tokens) => [...tokens, end].slice(0, maxSteps));
  const lengths = targets.map(({ length }) => length);
  const steps = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  // Any valid token serves as padding.
  const inputs = new Int32Array(sequences.length * steps).fill(end);
  for (const [row, tokens] of sequences.entries()) {
    inputs.set([start, ...tokens].slice(0, lengths[row]), row * steps);
  }
  const positions = lengths.flatMap((length, row) =>
    Array.from({ length }, (_, step) => row * steps + step),
  );
  const count = positions.length;
  const ofTargets = weights?.flatMap((weight, row) =>
    new Array<number>(lengths[row] ?? 0).fill(weight / count),
  );
  return {
    inputs: tf.tensor2d(inputs, [sequences.length, steps], "int32"),
    targets: tf.tensor1d(targets.flat(), "int32"),
    ...(count < inputs.length && { positions: tf.tensor1d(positions, "int32") }),
    ...(ofTargets && { weights: tf.tensor1d(ofTargets) }),
    lengths,
  };
}

/** Options of {@link tokenLosses}. */
export interface TokenLossOptions {
  /** Enables dropout. */
  readonly random?: Random | undefined;
  /** See `crossEntropy`. */
  readonly labelSmoothing?: number | undefined;
  /** Tokens with probability 0. */
  readonly suppressed?: readonly number[] | undefined;
}

/** The part of a decoder that training uses; `Result` is the return type of its `features`. */
type Trainable<State, Result> = Pick<Decoder<never, never>, "project" | "vocabularySize"> & {
  features(tokens: tf.Tensor2D, state: State, options?: { random?: Random | undefined }): Result;
};

/**
 * The cross-entropy of each target with teacher forcing, in nats, and the result of the decoder's
 * `features`. Padding is skipped before projecting to the vocabulary, the most expensive product. Call
 * it inside `tf.tidy`.
 *
 * @param state from `start`
 * @returns losses `[targets]`, and the logits, `[targets, vocabulary]`
 */
export function tokenLosses<State extends DecoderState, Result extends { features: tf.Tensor3D }>(
  decoder: Trainable<State, Result>,
  { inputs, targets, positions }: Pick<TeacherForcing, "inputs" | "targets" | "positions">,
  state: State,
  { random, labelSmoothing = 0, suppressed = [] }: TokenLossOptions = {},
): Result & { losses: tf.Tensor1D; logits: tf.Tensor2D } {
  const result = decoder.features(inputs, state, { random });
  const flat: tf.Tensor2D = tf.reshape(result.features, [-1, result.features.shape[2]]);
  const all = decoder.project(positions === undefined ? flat : tf.gather(flat, positions));
  const logits =
    suppressed.length === 0
      ? all
      : tf.add<tf.Tensor2D>(all, suppression(decoder.vocabularySize, suppressed));
  return { ...result, logits, losses: crossEntropy(logits, targets, { labelSmoothing }) };
}

/** The mean of the losses `[targets]`, or their weighted sum. */
export function meanLoss(
  losses: tf.Tensor1D,
  { weights }: Pick<TeacherForcing, "weights"> = {},
): tf.Scalar {
  return weights === undefined ? tf.mean(losses) : tf.sum(tf.mul(losses, weights));
}
