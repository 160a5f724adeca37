import { crossEntropy } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { Decoder, DecoderState, SpecialTokens } from "./decoder.ts";
import { suppression } from "./state.ts";

/** What a batch of sequences teaches a decoder. A type, not an interface, so that `tf.dispose` takes it. */
export type TeacherForcing = {
  /** `[rows, steps]` int32: what the decoder reads, the start and then the tokens. */
  readonly inputs: tf.Tensor2D;
  /** `[targets]` int32: what it should say, row after row, without padding. */
  readonly targets: tf.Tensor1D;
  /** `[targets]` int32: where in `rows * steps` the targets are; absent where every position has one. */
  readonly positions?: tf.Tensor1D;
  /** `[targets]`: what each counts in the loss; absent where all count alike. */
  readonly weights?: tf.Tensor1D;
  /** The number of each row's targets. */
  readonly lengths: number[];
};

/** Where sequences are cut, and how they are weighted. */
export interface TeacherForcingOptions {
  /** Longer sequences are cut; the end, which then was never reached, is not taught. */
  readonly maxSteps?: number | undefined;
  /** What each sequence's targets count; weights of 1 for all give the mean over the targets. */
  readonly weights?: readonly number[] | undefined;
}

/**
 * Inputs and targets for teacher forcing (Williams & Zipser 1989), out of sequences without start and end. The caller
 * disposes them by `tf.dispose`.
 */
export function teacherForcing(
  sequences: readonly (readonly number[])[],
  { start, end }: Pick<SpecialTokens, "start" | "end">,
  { maxSteps, weights }: TeacherForcingOptions = {},
): TeacherForcing {
  const targets = sequences.map((tokens) => [...tokens, end].slice(0, maxSteps));
  const lengths = targets.map(({ length }) => length);
  const steps = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  // What pads an input does not matter, as long as it is a token.
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

/** How {@link tokenLosses} are computed. */
export interface TokenLossOptions {
  /** Switches dropout on. */
  readonly random?: Random | undefined;
  /** See `crossEntropy`. */
  readonly labelSmoothing?: number | undefined;
  /** Tokens that have no probability. */
  readonly suppressed?: readonly number[] | undefined;
}

/** What a decoder is taught by; `Seen` is what its `features` gives. */
type Taught<State, Seen> = Pick<Decoder<never, never>, "project" | "vocabularySize"> & {
  features(tokens: tf.Tensor2D, state: State, options?: { random?: Random | undefined }): Seen;
};

/**
 * The cross-entropy of each target under teacher forcing, in nats, and what the decoder's `features` gave. Padding is
 * left out before the features are projected to the vocabulary, the most expensive product. Call it inside `tf.tidy`.
 *
 * @param state as `start` gives it
 * @returns losses `[targets]`
 */
export function tokenLosses<State extends DecoderState, Seen extends { features: tf.Tensor3D }>(
  decoder: Taught<State, Seen>,
  { inputs, targets, positions }: Pick<TeacherForcing, "inputs" | "targets" | "positions">,
  state: State,
  { random, labelSmoothing = 0, suppressed = [] }: TokenLossOptions = {},
): Seen & { losses: tf.Tensor1D } {
  const seen = decoder.features(inputs, state, { random });
  const flat: tf.Tensor2D = tf.reshape(seen.features, [-1, seen.features.shape[2]]);
  const all = decoder.project(positions === undefined ? flat : tf.gather(flat, positions));
  const logits =
    suppressed.length === 0
      ? all
      : tf.add<tf.Tensor2D>(all, suppression(decoder.vocabularySize, suppressed));
  return { ...seen, losses: crossEntropy(logits, targets, { labelSmoothing }) };
}

/** The mean of the targets' losses, `[targets]`; with weights, their sum under them. */
export function meanLoss(
  losses: tf.Tensor1D,
  { weights }: Pick<TeacherForcing, "weights"> = {},
): tf.Scalar {
  return weights === undefined ? tf.mean(losses) : tf.sum(tf.mul(losses, weights));
}
