import { doublyStochasticPenalty } from "@attend/attention";
import { teacherForcing } from "@attend/datasets";
import { suppression } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import type { AttentionDecoder, Encoding } from "@attend/rnn-decoder";
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

export interface BatchedCaption {
  /** The photo's place in the batch. */
  readonly photo: number;
  /** Without start and end. */
  readonly ids: readonly number[];
  /** What each of its words counts; 1 where absent. */
  readonly weight?: number;
}

/**
 * Lays captions out side by side, cut to `maxSteps`; the end of a caption that is cut is not taught.
 * The weights are scaled so that all-equal ones give the mean over words.
 */
export function batchCaptions(captions: readonly BatchedCaption[], maxSteps: number): CaptionBatch {
  const sequences = captions.map(({ ids }) => ids);
  const special = { padId, startId, endId };
  const { inputs, targets, mask, lengths, steps } = teacherForcing(sequences, {
    ...special,
    maxSteps,
  });
  const shape: [number, number] = [captions.length, steps];
  const places = [...mask.keys()].filter((place) => mask[place] === 1);
  const weights = captions.flatMap(({ weight = 1 }, row) =>
    Array.from({ length: lengths[row] ?? 0 }, () => weight / places.length),
  );
  return {
    photos: tf.tensor1d(
      captions.map(({ photo }) => photo),
      "int32",
    ),
    inputs: tf.tensor2d(inputs, shape, "int32"),
    mask: tf.tensor2d(mask, shape),
    places: tf.tensor1d(places, "int32"),
    targets: tf.tensor1d(
      places.map((place) => targets[place] ?? padId),
      "int32",
    ),
    weights: tf.tensor1d(weights),
  };
}

/**
 * The weighted cross-entropy of captions under teacher forcing, in nats a word, plus `attentionPenalty`
 * times the doubly stochastic penalty. With a reward's advantage as weight its gradient is REINFORCE's
 * (Rennie et al. 2017, eq. 7).
 *
 * @param options.random switches dropout on
 * @param options.suppressed tokens that have no probability, as where captions were drawn without them:
 *   left in, they would gather all that is taken from bad draws, since no draw ever speaks against them
 */
export function captionLoss(
  decoder: AttentionDecoder,
  encoding: Encoding,
  captions: CaptionBatch,
  options: {
    labelSmoothing: number;
    attentionPenalty: number;
    random?: Random;
    suppressed?: readonly number[];
  },
): tf.Scalar {
  return tf.tidy(() => {
    const dropout = options.random === undefined ? {} : { random: options.random };
    const state = decoder.reorder(decoder.start(encoding, dropout), captions.photos);
    const { features, attention } = decoder.features(captions.inputs, state, dropout);
    const flat: tf.Tensor2D = tf.reshape(features, [-1, features.shape[2]]);
    const all = decoder.project(tf.gather(flat, captions.places));
    const { suppressed = [] } = options;
    const logits =
      suppressed.length === 0
        ? all
        : tf.add<tf.Tensor2D>(all, suppression(decoder.vocabularySize, suppressed));
    const losses = crossEntropy(logits, captions.targets, options);
    const loss: tf.Scalar = tf.sum(tf.mul(losses, captions.weights));
    if (options.attentionPenalty === 0) return loss;
    const penalty = doublyStochasticPenalty(attention, captions.mask);
    return tf.add(loss, tf.mul(penalty, options.attentionPenalty));
  });
}
