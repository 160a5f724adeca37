import { doublyStochasticPenalty } from "@attend/attention";
import { crossEntropy } from "@attend/nn";
import type { AttentionDecoder, AttentionState, Encoding } from "@attend/rnn-decoder";
import { type Random, tf } from "@attend/runtime";
import { endId, padId, startId } from "@attend/text";

/** Captions of a batch of photos as tensors, ready for teacher forcing. Freed by `tf.dispose`. */
export type CaptionBatch = {
  /** `[rows]` int32: which photo of the batch each caption belongs to. */
  readonly photos: tf.Tensor1D;
  /** `[rows, steps]` int32: start, then the words. */
  readonly inputs: tf.Tensor2D;
  /** `[rows, steps]`: 1 where a step has a target. */
  readonly mask: tf.Tensor2D;
  /** `[words]` int32: where in the flattened `[rows * steps]` the targets stand. */
  readonly places: tf.Tensor1D;
  /** `[words]` int32: the words, then end, of each caption in turn. */
  readonly targets: tf.Tensor1D;
  /** `[words]`: what each target's cross-entropy counts in the loss. */
  readonly weights: tf.Tensor1D;
};

export interface TokenizedCaption {
  /** The photo's place in the batch. */
  readonly photo: number;
  readonly ids: readonly number[];
  /** What each of its words counts; 1 where absent. */
  readonly weight?: number;
  /** False where the caption was cut off, so that no end follows it. */
  readonly ended?: boolean;
}

/** Lays captions out side by side. The weights are scaled so that all-equal ones give the mean over words. */
export function batchCaptions(captions: readonly TokenizedCaption[]): CaptionBatch {
  const targetsOf = captions.map(({ ids, ended }) => (ended === false ? ids : [...ids, endId]));
  const steps = Math.max(...targetsOf.map((targets) => targets.length));
  const words = targetsOf.reduce((sum, targets) => sum + targets.length, 0);
  const inputs = new Int32Array(captions.length * steps).fill(padId);
  const mask = new Float32Array(captions.length * steps);
  targetsOf.forEach((targets, row) => {
    inputs.set([startId, ...targets.slice(0, -1)], row * steps);
    mask.fill(1, row * steps, row * steps + targets.length);
  });
  const places = targetsOf.flatMap((targets, row) => targets.map((_, step) => row * steps + step));
  const weights = targetsOf.flatMap((targets, row) =>
    targets.map(() => (captions[row]?.weight ?? 1) / words),
  );
  return {
    photos: tf.tensor1d(captions.map(({ photo }) => photo), "int32"),
    inputs: tf.tensor2d(inputs, [captions.length, steps], "int32"),
    mask: tf.tensor2d(mask, [captions.length, steps]),
    places: tf.tensor1d(places, "int32"),
    targets: tf.tensor1d(targetsOf.flat(), "int32"),
    weights: tf.tensor1d(weights),
  };
}

/**
 * The weighted cross-entropy of captions under teacher forcing, in nats a word, plus `attentionPenalty`
 * times the doubly stochastic penalty. With a reward's advantage as weight its gradient is REINFORCE's
 * (Rennie et al. 2017, eq. 7).
 *
 * @param random switches dropout on
 */
export function captionLoss(
  decoder: AttentionDecoder,
  encoding: Encoding,
  captions: CaptionBatch,
  options: { labelSmoothing: number; attentionPenalty: number; random?: Random },
): tf.Scalar {
  return tf.tidy(() => {
    const dropout = options.random === undefined ? {} : { random: options.random };
    const state = pickPhotos(decoder.start(encoding, dropout), captions.photos);
    const { features, attention } = decoder.features(captions.inputs, state, dropout);
    const flat: tf.Tensor2D = tf.reshape(features, [-1, features.shape[2]]);
    const logits = decoder.project(tf.gather(flat, captions.places));
    const losses = crossEntropy(logits, captions.targets, options);
    const loss: tf.Scalar = tf.sum(tf.mul(losses, captions.weights));
    if (options.attentionPenalty === 0) return loss;
    const penalty = doublyStochasticPenalty(attention, captions.mask);
    return tf.add(loss, tf.mul(penalty, options.attentionPenalty));
  });
}

/** The photos' states, one row a caption. */
function pickPhotos(state: AttentionState, photos: tf.Tensor1D): AttentionState {
  const pick = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, photos);
  return {
    h: pick(state.h),
    c: pick(state.c),
    languageH: pick(state.languageH),
    languageC: pick(state.languageC),
    image: pick(state.image),
    keys: pick(state.keys),
    values: pick(state.values),
  };
}
